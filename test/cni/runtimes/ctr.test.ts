/** `ctr run --cni`, which calls DEL with an empty CNI_NETNS when the container's process is gone. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { pluginPath } from "../caller.ts";
import { noReference, ours, type PluginFolder, reference } from "../plugin-folders.ts";
import { cgroupParent, Containerd, image } from "./containerd.ts";
import { addressOf, expectTalk, expectTuned, type Member } from "./exercise.ts";
import { closeScene, openScene, remainsInTheEnd, whyNot } from "./scene.ts";

const impossible = whyNot("containerd", "ctr", "runc", "iptables", "busybox");

class Ctr {
  readonly containerd: Containerd;
  readonly #running = new Map<string, { readonly exited: Promise<number> }>();

  constructor(containerd: Containerd) {
    this.containerd = containerd;
  }

  /** In the foreground, as only then it calls DEL. */
  launch(id: string): { readonly exited: Promise<number> } {
    const words = ["run", "--rm", "--cni", "--cgroup", `/${cgroupParent}/${id}`, "--snapshotter", "native", image, id];
    const running = this.containerd.box.start(["ctr", "-a", "/run/work/c.sock", ...words, "/bin/sleep", "600"]);
    this.#running.set(id, running);
    return running;
  }

  /** @throws {Error} when it does not run */
  async start(id: string): Promise<Member> {
    this.launch(id);
    const pid = await this.containerd.task(id);
    if (pid === undefined) throw new Error(`${id} does not run`);
    const netns = `/proc/${pid}/ns/net`;
    const until = performance.now() + 5000;
    // The task runs before it is attached.
    for (;;) {
      const { box } = this.containerd;
      if (box.try(["nsenter", `--net=${netns}`, "ip", "-4", "addr", "show", "dev", "eth0"]).stdout.includes("inet "))
        return { netns, address: addressOf(box, netns) };
      if (performance.now() > until) throw new Error(`${id} is not attached`);
      await Bun.sleep(50);
    }
  }

  async stop(id: string): Promise<void> {
    this.containerd.ctr("tasks", "kill", "-s", "9", id);
    await this.#running.get(id)?.exited;
  }
}

function scenario(folder: PluginFolder, rest: PluginFolder): void {
  describe(`ctr run --cni on ${folder.title}`, () => {
    let ctr: Ctr;
    const addresses: string[] = [];
    beforeAll(async () => {
      ctr = new Ctr(await Containerd.start(await openScene(folder, rest)));
    });
    afterAll(() => closeScene(ctr.containerd.box, cgroupParent));

    test("two containers talk, are limited and tuned", async () => {
      const a = await ctr.start("c1");
      const b = await ctr.start("c2");
      addresses.push(a.address, b.address);
      expect(a.address).not.toBe(b.address);
      expectTalk(ctr.containerd.box, a, b);
      expectTuned(ctr.containerd.box, a);
    });

    test("one goes, the other stays", async () => {
      await ctr.stop("c1");
      const again = await ctr.start("c3");
      const pid = await ctr.containerd.task("c2");
      addresses.push(again.address);
      expectTalk(ctr.containerd.box, again, { netns: `/proc/${pid}/ns/net`, address: addresses[1] ?? "" });
      await ctr.stop("c3");
    });

    const leak = folder === reference ? " (the reference leaves its masquerade rules)" : "";
    test(`nothing remains${leak}`, async () => {
      await ctr.stop("c2");
      const left = await remainsInTheEnd(ctr.containerd.box, ["default-c1", "default-c2", "default-c3", ...addresses]);
      const expected = folder === reference ? /CNI-[0-9a-f]{24}|default-c/ : /^$/;
      expect(left.filter((line) => !expected.test(line))).toEqual([]);
    });
  });
}

if (impossible !== undefined || reference === undefined) {
  test.skip(`ctr attaches containers ${impossible ?? noReference}`, () => {});
} else {
  const any = reference;
  scenario(any, any);
  if (ours !== undefined) scenario(ours, any);

  test("plugins that fail are not taken for working ones", async () => {
    const box = await openScene(any);
    box.sh(`for p in ${pluginPath}/*; do ln -sfn /bin/false $p; done`);
    const ctr = new Ctr(await Containerd.start(box));
    expect(await ctr.launch("c1").exited).not.toBe(0);
    closeScene(box, cgroupParent);
  });
}
