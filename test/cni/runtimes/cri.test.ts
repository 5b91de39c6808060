/** Pods of containerd's CRI service, which is what kubelet asks; it calls DEL three times for each. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Box } from "../box.ts";
import { pluginPath } from "../caller.ts";
import { noReference, ours, type PluginFolder, reference } from "../plugin-folders.ts";
import { cgroupParent, Containerd, socket } from "./containerd.ts";
import { Cri, type Pod } from "./cri.ts";
import { ask, expectTalk, expectTuned } from "./exercise.ts";
import { closeScene, openScene, remainsInTheEnd, whyNot, work } from "./scene.ts";

const impossible = whyNot("containerd", "ctr", "runc", "iptables", "busybox");

/** The socket is in the box's own mount namespace. */
async function client(box: Box): Promise<Cri> {
  await Containerd.start(box);
  box.sh(`mkdir -p ${work}/logs`);
  return new Cri(join(`/proc/${box.pid}/root`, socket), `${work}/logs`);
}

function scenario(folder: PluginFolder, rest: PluginFolder): void {
  describe(`CRI pods on ${folder.title}`, () => {
    let box: Box;
    let cri: Cri;
    let pods: readonly [Pod, Pod];
    beforeAll(async () => {
      box = await openScene(folder, rest);
      cri = await client(box);
      await cri.ready();
    });
    afterAll(() => {
      cri[Symbol.dispose]();
      closeScene(box, cgroupParent);
    });

    test("two pods talk, are limited and tuned", async () => {
      const a = await cri.run("a", `/${cgroupParent}`, [
        { protocol: "tcp", containerPort: 80, hostPort: 18083 },
        { protocol: "udp", containerPort: 53, hostPort: 18053 },
      ]);
      const b = await cri.run("b", `/${cgroupParent}`);
      pods = [a, b];
      expect(a.address).not.toBe(b.address);
      expectTalk(box, a, b);
      expectTuned(box, a);
      expect(box.run(["nsenter", `--net=${a.netns}`, "ip", "-br", "link", "show", "lo"])).toContain("LOOPBACK,UP");
    });

    test("published ports are reached", async () => {
      expect(await ask(box, pods[0], "tcp", 80, 18083)).toBe("hello");
      expect(await ask(box, pods[0], "udp", 53, 18053)).toBe("hello");
    });

    test("stopped twice and removed, nothing remains", async () => {
      for (const pod of pods) {
        await cri.stop(pod);
        await cri.stop(pod);
        await cri.remove(pod);
      }
      expect(
        await remainsInTheEnd(
          box,
          pods.flatMap(({ id, address }) => [id, address]),
        ),
      ).toEqual([]);
      expect(box.sh("ls /run/netns").trim()).toBe("outside");
    });
  });
}

if (impossible !== undefined || reference === undefined) {
  test.skip(`CRI pods are attached ${impossible ?? noReference}`, () => {});
} else {
  const any = reference;
  scenario(any, any);
  if (ours !== undefined) scenario(ours, any);

  test("plugins that fail are not taken for working ones", async () => {
    const box = await openScene(any);
    box.sh(`for p in ${pluginPath}/*; do ln -sfn /bin/false $p; done`);
    using cri = await client(box);
    await cri.ready();
    let refused = "";
    await cri.run("a", `/${cgroupParent}`).catch((error: unknown) => (refused = String(error)));
    expect(refused).toContain("failed to setup network");
    closeScene(box, cgroupParent);
  });
}
