/** podman with its network backend `cni`, driving our plugins as it drives the reference's. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Box, Said } from "../box.ts";
import { pluginPath } from "../caller.ts";
import { noReference, ours, type PluginFolder, reference } from "../plugin-folders.ts";
import { addressOf, ask, expectTalk, expectTuned, inside, type Member } from "./exercise.ts";
import { closeScene, openScene, remains, remainsInTheEnd, whyNot, work } from "./scene.ts";

const settings = `[containers]
cgroups = "disabled"
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "crun"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "cni"
cni_plugin_dirs = ["${pluginPath}"]
network_config_dir = "/etc/cni/net.d"
`;
const flags = [
  "--root",
  `${work}/root`,
  "--runroot",
  `${work}/run`,
  "--tmpdir",
  `${work}/tmp`,
  "--storage-driver",
  "vfs",
];
const env = { CONTAINERS_CONF: `${work}/containers.conf`, HOME: work };

class Podman {
  readonly box: Box;
  constructor(box: Box) {
    this.box = box;
    box.run(["tee", env.CONTAINERS_CONF], { stdin: settings });
    box.run(["sh", "-ec", `tar -C ${work}/fs -c . | podman ${flags.join(" ")} import - localhost/box`], { env });
  }

  try(...words: readonly string[]): Said {
    return this.box.try(["podman", ...flags, ...words], { env });
  }

  run(...words: readonly string[]): string {
    return this.box.run(["podman", ...flags, ...words], { env }).trim();
  }

  /** Starts a container that sleeps. */
  start(name: string, ...more: readonly string[]): Member {
    this.run("run", "-d", "--name", name, "--network", "net1", ...more, "localhost/box", "/bin/sleep", "600");
    return this.member(name);
  }

  member(name: string): Member {
    const netns = `/proc/${this.run("inspect", "-f", "{{.State.Pid}}", name)}/ns/net`;
    return { netns, address: addressOf(this.box, netns) };
  }

  id(name: string): string {
    return this.run("inspect", "-f", "{{.Id}}", name);
  }
}

const impossible = whyNot("podman", "crun", "conmon", "iptables", "busybox");

function scenario(folder: PluginFolder, rest: PluginFolder): void {
  describe(`podman on ${folder.title}`, () => {
    let podman: Podman;
    const identities: string[] = ["10.71.0.77", "10.71.0.2", "10.71.0.3"];
    beforeAll(async () => {
      podman = new Podman(await openScene(folder, rest));
    });
    afterAll(() => closeScene(podman.box, "libpod"));

    test("two containers talk, are limited and tuned", () => {
      const a = podman.start("a", "-p", "18080:80", "-p", "18053:53/udp");
      const b = podman.start("b", "--ip", "10.71.0.77", "--mac-address", "02:00:00:00:00:77");
      identities.push(podman.id("a"), podman.id("b"));
      expect(b.address).toBe("10.71.0.77");
      expect(podman.box.run([...inside(b.netns), "ip", "-br", "link", "show", "eth0"])).toContain("02:00:00:00:00:77");
      expectTalk(podman.box, a, b);
      expectTuned(podman.box, a);
    });

    test("published ports are reached", async () => {
      const a = podman.member("a");
      expect(await ask(podman.box, a, "tcp", 80, 18080)).toBe("hello");
      expect(await ask(podman.box, a, "udp", 53, 18053)).toBe("hello");
    });

    test("an address that is taken is refused, and nothing remains of it", async () => {
      const before = remains(podman.box, identities);
      const { code, stderr } = podman.try(
        "run",
        "-d",
        "--name",
        "c",
        "--network",
        "net1",
        "--ip",
        "10.71.0.77",
        "localhost/box",
        "/bin/sleep",
        "600",
      );
      expect(code).not.toBe(0);
      expect(stderr).toContain("10.71.0.77");
      podman.try("rm", "-f", "-t", "0", "c");
      const until = performance.now() + 10_000;
      while (remains(podman.box, identities).length > before.length && performance.now() < until) await Bun.sleep(100);
      expect(remains(podman.box, identities)).toEqual(before);
    });

    test("a container comes back from a restart", () => {
      podman.run("restart", "-t", "0", "b");
      expectTalk(podman.box, podman.member("a"), podman.member("b"));
    });

    test("a second network comes and goes", () => {
      podman.run("network", "connect", "net2", "a");
      expect(addressOf(podman.box, podman.member("a").netns, "eth1")).toStartWith("10.72.0.");
      podman.run("network", "disconnect", "net2", "a");
      expect(podman.box.run([...inside(podman.member("a").netns), "ip", "-br", "link"])).not.toContain("eth1");
      expectTalk(podman.box, podman.member("a"), podman.member("b"));
    });

    test("nothing remains of a stopped container, nor of one removed while it runs", async () => {
      podman.run("stop", "-t", "0", "b");
      podman.run("rm", "b");
      podman.run("rm", "-f", "-t", "0", "a");
      expect(await remainsInTheEnd(podman.box, identities)).toEqual([]);
    });
  });
}

if (impossible !== undefined || reference === undefined) {
  test.skip(`podman attaches containers ${impossible ?? noReference}`, () => {});
} else {
  scenario(reference, reference);
  if (ours !== undefined) scenario(ours, reference);

  const any = reference;
  test("plugins that fail are not taken for working ones", async () => {
    const box = await openScene(any);
    box.sh(`for p in ${pluginPath}/*; do ln -sfn /bin/false $p; done`);
    const podman = new Podman(box);
    expect(podman.try("run", "-d", "--network", "net1", "localhost/box", "/bin/sleep", "600").code).not.toBe(0);
    closeScene(box, "libpod");
  });
}
