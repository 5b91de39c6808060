/** Labs on Open vSwitch: what ovs-vsctl sees, what changes, what is left after bad luck, and who says why it cannot be. */
import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../eventually.ts";
import { must } from "../must.ts";
import { listing, netloom } from "./sandbox.ts";

const files = mkdtempSync(join(tmpdir(), "netloom-ovs-lab-"));
afterAll(() => {
  netloom("down", "o");
  rmSync(files, { recursive: true });
});

interface Shape {
  readonly pods?: number;
  readonly driver?: unknown;
  readonly nodes?: number;
  readonly more?: object;
}

function labFile({ pods = 2, nodes = 2, driver = "ovs", more = {} }: Shape = {}): string {
  const path = join(files, "o.netloom.yaml");
  const lab = { name: "o", nodes, pods, network: { driver, join: nodes > 1 ? "l2" : "none" }, ...more };
  writeFileSync(path, JSON.stringify(lab));
  return path;
}

const folder = (node: string): string => `/run/netloom/o/ovs/o-${node}`;
const vsctl = (node: string, ...words: readonly string[]): string =>
  must("ovs-vsctl", `--db=unix:${folder(node)}/db.sock`, ...words);
const ports = (node: string): readonly string[] => vsctl(node, "list-ports", "br0").split("\n");
const pidOf = (node: string, program: string): number => Number(readFileSync(`${folder(node)}/${program}.pid`, "utf8"));
const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "";
/** Daemons whose files are in this sandbox's folder of labs. */
function daemons(): readonly number[] {
  const own = must("stat", "-Lc", "%i", "/proc/self/ns/mnt");
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      if (!Number.isInteger(pid)) return false;
      try {
        return (
          readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("/run/netloom/") &&
          must("stat", "-Lc", "%i", `/proc/${pid}/ns/mnt`) === own &&
          /ovs/.test(readFileSync(`/proc/${pid}/comm`, "utf8"))
        );
      } catch {
        return false; // It has ended meanwhile.
      }
    });
}
async function inPod(pod: string, ...command: readonly string[]): Promise<string> {
  const child = Bun.spawn(["ip", "netns", "exec", `o-${pod}`, ...command], { stdin: "ignore", stdout: "pipe" });
  return (await child.stdout.text()).trim();
}

/** Runs `netloom WORDS` where a folder is empty. */
function netloomWithout(hidden: string, ...words: readonly string[]) {
  const hide = ["unshare", "-m", "--propagation", "private", "sh", "-c", `mount -t tmpfs none ${hidden} && exec "$@"`];
  return Bun.spawnSync([...hide, "sh", join(import.meta.dir, "../../bin/netloom"), ...words], { stdin: "ignore" });
}

/** Whether a megabyte gets there as it was sent. */
async function carries(from: string, at: string, listen: string, to: string): Promise<boolean> {
  const bytes = new Uint8Array(1_000_000).map((_, i) => (i * 31) >> 2);
  const enter = (name: string) => ["ip", "netns", "exec", `o-${name}`];
  const sink = Bun.spawn([...enter(at), "socat", "-u", `${listen}:5001`, "STDOUT"], {
    stdin: "ignore",
    stdout: "pipe",
  });
  await eventually(`${at} listens`, async () => (await inPod(at, "ss", "-Hltn")).includes(":5001"));
  const source = Bun.spawn([...enter(from), "socat", "-u", "STDIN", `${to}:5001`], { stdin: new Blob([bytes]) });
  const got = await sink.stdout.bytes();
  return (await source.exited) === 0 && Buffer.compare(got, bytes) === 0;
}

describe("a lab on Open vSwitch", () => {
  test("is one segment: LAN interface and pods are ports of each node's br0", () => {
    const up = netloom("up", labFile());
    expect(up.stderr).toContain("lab o is up");
    expect(up).toMatchObject({ code: 0 });
    expect(up.stdout).toContain("all 40 pairs as expected");
    expect(ports("vm-001")).toEqual(["eth1", "vm-001-ns01", "vm-001-ns02"]);
    expect(ports("vm-002")).toEqual(["eth1", "vm-002-ns01", "vm-002-ns02"]);
    expect(vsctl("vm-001", "get", "bridge", "br0", "external_ids")).toBe('{owner="netloom:o"}');
    expect(must("ip", "-n", "o-vm-001", "-br", "address", "show", "br0")).toContain("192.168.1.1/24");
    expect(must("ip", "-n", "o-vm-001", "-br", "address", "show", "eth1")).not.toContain("192.168.1.1");
  });

  test("is left alone the second time, and its plan is empty", () => {
    const before = [pidOf("vm-001", "ovs-vswitchd"), vsctl("vm-001", "get", "Open_vSwitch", ".", "next_cfg")];
    expect(netloom("up", "--no-test", labFile()).stderr).toContain("nothing to do");
    expect(netloom("plan", "-f", labFile()).stdout).toContain("0 to create, 0 to change, 0 to delete");
    expect([pidOf("vm-001", "ovs-vswitchd"), vsctl("vm-001", "get", "Open_vSwitch", ".", "next_cfg")]).toEqual(before);
  });

  test("is looked at by the commands of docs/lab-file.md, and keeps what was added", () => {
    const page = readFileSync(join(import.meta.dir, "../../docs/lab-file.md"), "utf8");
    const [, block = ""] = /```sh\n(export OVS_RUNDIR=[^]*?)```/.exec(page) ?? [];
    const own = block.replaceAll("xcluster-ovs", "o");
    const shown = must("sh", "-ec", own);
    for (const part of ["Port vm-001-ns01", "actions=NORMAL", "MAC "]) expect(shown).toContain(part);
    must("sh", "-ec", `${own} ovs-ofctl add-flow br0 priority=10,icmp,actions=drop`);
    expect(netloom("test", "o").code).toBe(4);
    expect(netloom("up", "--no-test", labFile()).stderr).toContain("nothing to do");
    expect(must("sh", "-ec", own)).toContain("icmp actions=drop");
    must("sh", "-ec", `${own} ovs-ofctl --strict del-flows br0 priority=10,icmp`);
    expect(netloom("test", "o").code).toBe(0);
  });

  test("carries a megabyte of TCP between pods of two nodes, pod and node, both families", async () => {
    for (const [at, listen, to] of [
      ["vm-002-ns01", "TCP4-LISTEN", "TCP4:172.16.2.1"],
      ["vm-002-ns02", "TCP6-LISTEN", "TCP6:[1000::1:ac10:202]"],
      ["vm-002", "TCP4-LISTEN", "TCP4:192.168.1.2"],
    ] as const) {
      expect(await carries("vm-001-ns01", at, listen, to)).toBe(true);
    }
  });

  test("a node asks for its addresses once: the kernel does not answer beside the switch", async () => {
    const [seen, said] = [join(files, "seen"), join(files, "said")];
    const options = ["-lnei", "eth0", "--immediate-mode", "arp or icmp"];
    const tcpdump = Bun.spawn(["ip", "netns", "exec", "o-vm-001-ns01", "tcpdump", ...options], {
      stdin: "ignore",
      stdout: Bun.file(seen),
      stderr: Bun.file(said),
    });
    await eventually("tcpdump listens", () => readFileSync(said, "utf8").includes("listening on"));
    must("ip", "-n", "o-vm-001-ns01", "neigh", "flush", "all");
    await inPod("vm-001-ns01", "ping", "-c1", "172.16.1.0");
    // The kernel would have answered at once, long before the switch let the ping through.
    await eventually("the ping is seen", () => readFileSync(seen, "utf8").includes("ICMP echo reply"));
    tcpdump.kill();
    const answers = readFileSync(seen, "utf8")
      .split("\n")
      .filter((line) => /Reply 172\.16\.1\.0 is-at/.test(line));
    expect(answers).toHaveLength(1);
    const mac = must("ip", "-n", "o-vm-001", "-br", "link", "show", "br0").split(/\s+/)[2];
    expect(answers[0]).toContain(`is-at ${mac}`);
  });

  test("takes a host outside that has never heard of it, also with large packets", async () => {
    const more = { externals: [{ name: "out", number: 99 }], underlay: { prefixes: "192.168.1.0/24", mtu: 9000 } };
    expect(netloom("up", labFile({ more })).code).toBe(0);
    expect(await carries("out", "vm-001-ns01", "TCP4-LISTEN", "TCP4:172.16.1.1")).toBe(true);
    expect(await carries("vm-002-ns01", "out", "TCP4-LISTEN", "TCP4:172.16.0.99")).toBe(true);
    expect(netloom("up", labFile()).code).toBe(0);
  });

  test("gains and loses pods and nodes; what stays is not touched", () => {
    const before = [vsctl("vm-001", "get", "port", "vm-001-ns01", "_uuid"), pidOf("vm-001", "ovs-vswitchd")];
    expect(netloom("plan", "-f", labFile({ pods: 3 })).stdout).toContain("+   port vm-001-ns03 of br0");
    expect(netloom("up", labFile({ pods: 3, nodes: 3 })).code).toBe(0);
    expect(ports("vm-001")).toEqual(["eth1", "vm-001-ns01", "vm-001-ns02", "vm-001-ns03"]);
    const third = pidOf("vm-003", "ovs-vswitchd");
    expect(netloom("up", labFile({ pods: 1 })).code).toBe(0);
    expect(ports("vm-001")).toEqual(["eth1", "vm-001-ns01"]);
    expect(isAlive(third)).toBe(false);
    expect(existsSync(folder("vm-003"))).toBe(false);
    expect([vsctl("vm-001", "get", "port", "vm-001-ns01", "_uuid"), pidOf("vm-001", "ovs-vswitchd")]).toEqual(before);
  });

  test("keeps VLANs apart on all nodes, and the test fails where one is not", () => {
    const file = labFile({ driver: { kind: "ovs", vlans: [{ id: 10, pods: "*-ns02" }] } });
    const up = netloom("up", file);
    expect(up.code).toBe(0);
    expect(vsctl("vm-002", "get", "port", "vm-002-ns02", "tag")).toBe("10");
    expect(netloom("test", "o").code).toBe(0);
    vsctl("vm-002", "set", "port", "vm-002-ns02", "tag=11");
    expect(netloom("test", "o").code).toBe(4);
    expect(netloom("plan", "--lab", "o").stdout).toContain(
      "port of br0: vm-002-ns02 (VLAN 11) → vm-002-ns02 (VLAN 10)",
    );
    vsctl("vm-002", "clear", "port", "vm-002-ns02", "tag");
    expect(netloom("test", "o").code).toBe(4);
    expect(netloom("up", "--lab", "o").code).toBe(0);
  });

  test("mends a port that was taken out, and daemons that died", () => {
    vsctl("vm-001", "del-port", "vm-001-ns01");
    expect(netloom("test", "o").code).toBe(4);
    expect(netloom("up", "--lab", "o").code).toBe(0);
    process.kill(pidOf("vm-001", "ovs-vswitchd"), "SIGKILL");
    process.kill(pidOf("vm-001", "ovsdb-server"), "SIGKILL");
    expect(netloom("test", "o").code).toBe(4);
    expect(netloom("inspect", "o").stdout).toContain("Open vSwitch does not run");
    expect(netloom("up", "--lab", "o").code).toBe(0);
    expect(netloom("inspect", "o").stdout).not.toContain("Open vSwitch does not run");
  });

  test("gives way to a Linux bridge, and takes its place again", () => {
    const pid = pidOf("vm-001", "ovs-vswitchd");
    // The other's daemons have died meanwhile; their files go, too.
    for (const program of ["ovs-vswitchd", "ovsdb-server"]) process.kill(pidOf("vm-002", program), "SIGKILL");
    const { code, stdout, stderr } = netloom("up", labFile({ driver: "bridge" }));
    expect({ code, said: code === 0 ? "" : `${stdout}${stderr}` }).toEqual({ code: 0, said: "" });
    expect(isAlive(pid)).toBe(false);
    for (const node of ["vm-001", "vm-002"]) expect(existsSync(folder(node))).toBe(false);
    expect(must("ip", "-n", "o-vm-001", "-d", "link", "show", "br0")).toContain("bridge forward_delay");
    expect(netloom("up", labFile()).code).toBe(0);
  });

  test("goes down with its daemons", () => {
    expect(daemons().length).toBe(4);
    expect(netloom("down", "o").code).toBe(0);
    expect(daemons()).toEqual([]);
    expect(listing()).toEqual([]);
  });
});

test("nodes can be joined by routes, and pods leave by a tunnel", () => {
  for (const join of ["routes", "vxlan"]) {
    expect(netloom("up", labFile({ more: { network: { driver: "ovs", join } } })).code).toBe(0);
    expect(ports("vm-001")).toEqual(["vm-001-ns01", "vm-001-ns02"]);
    expect(netloom("down", "o").code).toBe(0);
  }
});

describe("bad days", () => {
  test("killed in the middle: the same command goes on, or down removes all", async () => {
    for (const seen of ["ovs/o-vm-001/ovsdb-server.pid", "ovs/o-vm-002/ovs-vswitchd.pid"]) {
      const up = Bun.spawn([join(import.meta.dir, "../../bin/netloom"), "up", "--no-test", labFile()], {
        stdin: "ignore",
        stdout: "ignore",
        stderr: "ignore",
      });
      await eventually(`${seen} is there`, () => existsSync(`/run/netloom/o/${seen}`));
      up.kill("SIGKILL");
      await up.exited;
      if (seen.includes("vm-001")) {
        expect(netloom("up", labFile())).toMatchObject({ code: 0 });
        expect(daemons().length).toBe(4);
      }
      expect(netloom("down", "o").code).toBe(0);
      expect(daemons()).toEqual([]);
      expect(listing()).toEqual([]);
    }
  });

  test("forgotten: cleanup finds the daemons by the namespaces that they are in", () => {
    expect(netloom("up", "--no-test", labFile()).code).toBe(0);
    rmSync("/run/netloom/o", { recursive: true });
    expect(daemons().length).toBe(4);
    expect(netloom("cleanup", "--yes").code).toBe(0);
    expect(daemons()).toEqual([]);
    expect(listing()).toEqual([]);
  });

  test("namespaces that others deleted: down ends the daemons all the same", () => {
    expect(netloom("up", "--no-test", labFile()).code).toBe(0);
    for (const name of readdirSync("/run/netns")) must("ip", "netns", "delete", name);
    expect(daemons().length).toBe(4);
    expect(netloom("down", "o").code).toBe(0);
    expect(daemons()).toEqual([]);
    expect(listing()).toEqual([]);
  });

  test("a new node's switch that does not start leaves nothing of the node", () => {
    expect(netloom("up", "--no-test", labFile()).code).toBe(0);
    const before = listing();
    const bin = join(files, "broken");
    mkdirSync(bin);
    writeFileSync(join(bin, "ovs-vswitchd"), "#!/bin/sh\necho it is broken >&2\nexit 1\n", { mode: 0o755 });
    const up = Bun.spawnSync([join(import.meta.dir, "../../bin/netloom"), "up", labFile({ nodes: 3 })], {
      stdin: "ignore",
      env: { ...process.env, PATH: `${bin}:${process.env["PATH"]}` },
    });
    expect(up.stderr.toString()).toContain("start Open vSwitch in o-vm-003: ovs-vswitchd did not start: it is broken");
    expect(up.stderr.toString()).toContain("everything was undone");
    expect(up.exitCode).toBe(1);
    expect(daemons().length).toBe(4);
    expect(existsSync(folder("vm-003"))).toBe(false);
    expect(listing()).toEqual(before);
    expect(netloom("test", "o").code).toBe(0);
    expect(netloom("down", "o").code).toBe(0);
    expect(daemons()).toEqual([]);
  });

  test("without /dev/net/tun nothing is left, and what ovs-vswitchd says of it is told, as doctor does", () => {
    const file = labFile({ driver: { kind: "ovs", datapath: "netdev" } });
    const up = netloomWithout("/dev/net", "up", file);
    expect(up.stderr.toString()).toContain(
      'ovs-vswitchd says: opening "/dev/net/tun" failed: No such file or directory',
    );
    expect(up.stderr.toString()).toContain("everything was undone");
    expect(up.exitCode).toBe(1);
    expect(listing()).toEqual([]);
    const doctor = netloomWithout("/dev/net", "doctor", "-f", file);
    expect(doctor.stdout.toString()).toContain("/dev/net/tun: No such file or directory");
    expect(doctor.exitCode).not.toBe(0);
    expect(netloom("doctor", "-f", file).code).toBe(0);
  });

  test("without Open vSwitch nothing is made, and the line to run is said", () => {
    const up = netloomWithout("/usr/sbin", "up", labFile());
    expect(up.stderr.toString()).toContain("Open vSwitch is not installed: there is no ovsdb-server, ovs-vswitchd");
    expect(up.stderr.toString()).toContain("apt-get install openvswitch-switch");
    expect(up.stderr.toString()).toContain("everything was undone");
    expect(up.exitCode).not.toBe(0);
    expect(listing()).toEqual([]);
  });
});

describe("what makes no sense is said where it is written", () => {
  test.each([
    [
      "VLANs over routes",
      { network: { driver: { kind: "ovs", vlans: [{ id: 2, pods: "*" }] }, join: "routes" } },
      "network.driver.vlans",
    ],
    [
      "a VLAN of nobody",
      { network: { driver: { kind: "ovs", vlans: [{ id: 2, pods: "nobody" }] }, join: "l2" } },
      'no pod for VLAN 2 is named "nobody"',
    ],
    [
      "a VLAN out of range",
      { network: { driver: { kind: "ovs", vlans: [{ id: 4095, pods: "*" }] }, join: "l2" } },
      "vlans[0].id",
    ],
    ["another datapath", { network: { driver: { kind: "ovs", datapath: "dpdk" }, join: "l2" } }, "network.driver"],
  ])("%s", (_, more, says) => {
    const said = netloom("validate", "-f", labFile({ more }));
    expect(said.code).toBe(2);
    expect(said.stderr).toContain(says);
  });
});
