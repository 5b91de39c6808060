/** One suite for whoever's plugins are called, and however: as processes, or ours within the runtime's own process. */
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { debian, executable, ours, type PluginFolder, reference } from "../plugin-folders.ts";
import { RuntimeHost, chain, idOfA } from "./host.ts";

const tuning = { type: "tuning", mtu: 1400 };
const mapping = JSON.stringify({ portMappings: [{ hostPort: 8080, containerPort: 80, protocol: "tcp" }] });
const cached = `/var/lib/cni/results/n1-${idOfA}-eth0`;

interface Way {
  readonly title: string;
  readonly plugins: PluginFolder | undefined;
  /** How to make the folder in the box; its own path if absent. */
  readonly prepare?: (host: RuntimeHost) => void;
  readonly path: string;
  /** Spec versions of the chain. */
  readonly versions: readonly string[];
  readonly inProcess: boolean;
}

const ways: readonly Way[] = [
  {
    title: "Debian's plugins",
    plugins: debian,
    path: debian?.path ?? "",
    versions: ["0.3.1", "0.4.0", "1.0.0"],
    inProcess: false,
  },
  {
    title: "the reference's plugins",
    plugins: reference,
    path: reference?.path ?? "",
    versions: ["1.1.0"],
    inProcess: false,
  },
  {
    title: "netloom's plugins as processes",
    plugins: ours,
    // A copy is another file than the executable that runs.
    prepare: (host) => void host.box.run([executable, "cni", "install", "--dir", "/run/copies", "--how", "copy"]),
    path: "/run/copies",
    versions: ["0.2.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"],
    inProcess: false,
  },
  {
    title: "netloom's plugins within the process",
    plugins: ours,
    prepare: (host) => void host.box.run([executable, "cni", "install", "--dir", "/run/links"]),
    path: "/run/links",
    versions: ["0.2.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"],
    inProcess: true,
  },
];

for (const way of ways) {
  const { plugins } = way;
  if (plugins === undefined || !existsSync(executable)) {
    test.skip(`${way.title} (needs them, and the executable: test/cni/setup)`, () => {});
    continue;
  }
  const open = async (): Promise<RuntimeHost> => {
    const host = await RuntimeHost.open(way.path);
    way.prepare?.(host);
    return host;
  };

  describe(`the runtime with ${way.title}`, () => {
    for (const version of way.versions) {
      test(`ADD, CHECK and DEL of a chain, version ${version}`, async () => {
        using host = await open();
        host.put("10-n1.conflist", chain(version, tuning));
        const before = host.state();
        const add = host.cni("add n1 a");
        expect([add.stderr, add.code]).toEqual(["", 0]);
        const result = JSON.parse(add.stdout) as { readonly cniVersion: string };
        expect(result.cniVersion).toBe(version);
        expect(add.stdout).toContain('"10.7.0.2/24"');
        expect(host.box.sh("ip -n a -j addr show eth0")).toContain('"local":"10.7.0.2"');
        expect(host.box.sh("ip -n a -j link show eth0")).toContain('"mtu":1400');
        expect((JSON.parse(host.box.read(cached)) as { readonly result: unknown }).result).toEqual(result);
        const check = host.cni("check n1 a");
        if (version < "0.4.0") expect(check.stderr).toContain("does not support the CHECK command");
        else expect([check.stderr, check.code]).toEqual(["", 0]);
        expect(host.cni("del n1 a")).toEqual({ code: 0, stdout: "", stderr: "" });
        expect(host.state()).toBe(before);
        expect(host.cni("del n1 a")).toEqual({ code: 0, stdout: "", stderr: "" });
      });
    }

    const version = way.versions.at(-1) ?? "";

    test("ADD twice is refused, and the first stays", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain(version));
      expect(host.cni("add n1 a").code).toBe(0);
      const before = host.state();
      const again = host.cni("add n1 a");
      expect(again.code).toBe(8);
      expect(again.stderr).toStartWith(`netloom: ${idOfA} is attached to network n1 as eth0 already\n  send DEL first`);
      expect(host.state()).toBe(before);
      expect(host.cni("add n1 a -i eth1").code).toBe(0);
      expect(host.cni("ls").stdout.match(/ up /g)).toHaveLength(2);
    });

    test("ADD that fails in the middle leaves nothing", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain(version, tuning, { type: "tuning", sysctl: { "net.ipv4.nonsense": "1" } }));
      const before = host.state();
      const add = host.cni("add n1 a");
      expect(add.code).not.toBe(0);
      expect(add.stdout).toBe("");
      expect(add.stderr).toContain('plugin type="tuning" failed (add): ');
      expect(add.stderr).toContain("ADD failed; DEL was sent to undo it: bridge, tuning, tuning");
      expect(host.state()).toBe(before);
    });

    test("DEL needs neither namespace nor configuration", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain(version));
      expect(host.cni("add n1 a").code).toBe(0);
      host.box.sh("rm /run/net.d/*; ip netns delete a");
      expect(host.cni("ls -o name").stdout).toBe(`n1/${idOfA}/eth0\n`);
      expect(host.cni("ls").stdout).toContain("gone");
      expect(host.cni(`del n1/${idOfA}/eth0`)).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(host.box.sh("ls /var/lib/cni/results")).toBe("");
      expect(host.box.sh("ls /var/lib/cni/networks/n1")).not.toContain("10.7.0.2");
    });

    test("GC removes what has no namespace any more, and nothing else", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain(version));
      expect(host.cni("add n1 a").code).toBe(0);
      expect(host.cni("add n1 b").code).toBe(0);
      host.box.sh("ip netns delete a");
      expect(host.cni("gc n1 --dry-run").stdout).toBe(`n1/${idOfA}/eth0\n`);
      expect(host.cni("gc n1")).toMatchObject({ code: 0, stdout: "", stderr: "1 attachment removed\n" });
      const nothing = { code: 0, stdout: "", stderr: "no attachment of network n1 is left over\n" };
      expect([host.cni("gc n1"), host.cni("gc n1 --dry-run")]).toMatchObject([nothing, nothing]);
      expect(host.cni("ls -o name").stdout.split("\n")).toHaveLength(2);
      expect(host.box.sh("ls /var/lib/cni/networks/n1 | grep 10.7")).toBe("10.7.0.3\n");
      expect(host.cni("check n1 b").code).toBe(0);
    });

    test("the plugins list the version, and are ready", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain(version, tuning));
      const versions = host.cni("version n1 -o json");
      expect(versions.code).toBe(0);
      expect(versions.stdout).toContain(`"file": "${way.path}/bridge"`);
      expect(host.cni("status n1")).toEqual({ code: 0, stdout: "", stderr: "" });
      host.put("10-n1.conflist", chain(version, { type: "nonesuch" }));
      expect(host.cni("version n1").code).toBe(1);
      expect(host.cni("add n1 a")).toMatchObject({ code: 1, stdout: "" });
    });

    test(`plugins are ${way.inProcess ? "not processes" : "processes"}`, async () => {
      using host = await open();
      host.put("10-n1.conflist", { cniVersion: version, name: "n1", plugins: [{ type: "loopback" }] });
      const traced = `strace -f -qq -e trace=execve -e status=successful -o /run/trace ${executable} cni add n1 a -i lo`;
      host.box.run(traced, { env: { CNI_PATH: way.path, NETCONFPATH: "/run/net.d" } });
      expect(host.box.read("/run/trace").match(/execve\(/g)).toHaveLength(way.inProcess ? 1 : 2);
    });

    test.skipIf(!existsSync(`${plugins.path}/portmap`))("DEL knows ADD's published ports", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain(version, { type: "portmap", capabilities: { portMappings: true } }));
      const before = host.state();
      const add = host.cni("add n1 a", { env: { CAP_ARGS: mapping, CNI_ARGS: "IgnoreUnknown=1;X=y" } });
      expect([add.stderr, add.code]).toEqual(["", 0]);
      expect(host.box.sh("nft list ruleset | grep -c 8080")).not.toBe("0\n");
      expect(host.cni("ls -o json").stdout).toContain('"hostPort": 8080');
      expect(host.cni("del n1 a")).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(host.box.sh("nft list ruleset | grep -c 8080 || true")).toBe("0\n");
      expect(host.state()).toBe(before);
    });
  });
}

test.skipIf(ours === undefined)("netloom's plugins say the same as processes and within the process", async () => {
  const said = await Promise.all(
    ways.slice(-2).map(async ({ path, prepare }) => {
      using host = await RuntimeHost.open(path);
      prepare?.(host);
      host.put("1.conflist", chain("1.1.0", tuning));
      host.put("2.conflist", { ...chain("1.1.0"), name: "vlan", plugins: [{ type: "bridge", vlan: 5000 }] });
      host.put("3.conflist", {
        ...chain("0.3.1"),
        name: "none",
        plugins: [{ type: "static", ipam: { type: "static" } }],
      });
      host.put("4.conflist", {
        ...chain("1.1.0"),
        name: "odd",
        plugins: [{ type: "host-local", ipam: { subnet: "x" } }],
      });
      const lines =
        "add n1 a;add n1 a;check n1 a;add n1 nowhere;add vlan a;add none a;add odd a;status odd;status n1;version n1;" +
        "gc odd;del odd a;del vlan b;del n1 a;del n1 a;ls";
      const answers = lines.split(";").map((line) => ({ line, ...host.cni(line) }));
      return JSON.stringify(answers, undefined, 1)
        .replaceAll(/([0-9a-f]{2}:){5}[0-9a-f]{2}/g, "MAC")
        .replaceAll(path, "PATH");
    }),
  );
  expect(said[0]).toContain('"code": 1');
  expect(said[0]).toBe(said[1] ?? "");
});
