/** Open vSwitch in a namespace, by wish and ops: what is made, what a second look changes, and what survives bad luck. */
import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LinkWish, type NetnsWish, type Op, type Wish, diff, inverse, printOp } from "../../src/change/index.ts";
import { OpError, RealKernel } from "../../src/kernel/index.ts";
import { daemonsIn, socketIn } from "../../src/ovsdb/index.ts";
import { type IfName, parseIfName, parseMac, parsePrefix, stableMac } from "../../src/values/index.ts";
import { eventually } from "../eventually.ts";
import { must } from "../must.ts";

const kernel = new RealKernel();
const root = mkdtempSync(join(tmpdir(), "netloom-switch-"));
const folder = join(root, "n");
const owner = "netloom:sw";
const eth0 = parseIfName("eth0");
const br0 = parseIfName("br0");

interface Pod {
  readonly name: string;
  readonly tag?: number;
}
const port = (name: string): IfName => parseIfName(`port-${name}`);
const address = (name: string): string => `10.7.0.${name.charCodeAt(0)}`;

function podWish({ name }: Pod): NetnsWish {
  const peer = { netns: "sw-n", name: port(name) };
  const link: LinkWish = {
    spec: { kind: "veth", name: eth0, peer, mac: stableMac(name), up: true },
    addrs: [{ prefix: parsePrefix(`${address(name)}/24`) }],
    txChecksum: false,
  };
  return { name: `sw-${name}`, links: [link] };
}

function wishOf(pods: readonly Pod[], more: Partial<NetnsWish> = {}): Wish {
  const ports = pods.map(({ name }): LinkWish => {
    return {
      spec: {
        kind: "veth",
        name: port(name),
        peer: { netns: `sw-${name}`, name: eth0 },
        addrGenMode: "none",
        up: true,
      },
    };
  });
  const bridge = {
    name: br0,
    datapath: "netdev",
    mac: parseMac("02:00:00:00:00:99"),
    mtu: 1450,
    ports: pods.map(({ name, tag }) => ({ name: port(name), ...(tag !== undefined && { tag }) })),
    device: { state: { up: true, alias: `${owner}/br0` }, addrs: [{ prefix: parsePrefix("10.7.0.254/24") }] },
  } as const;
  const node: NetnsWish = { name: "sw-n", links: ports, ovs: { folder, bridges: [bridge] }, ...more };
  return { owner, namespaces: [node, ...pods.map(podWish)] };
}

const facts = () =>
  kernel.facts({
    namespaces: ["sw-n", "sw-a", "sw-b", "sw-c"],
    switches: (netns) => (netns === "sw-n" ? { folder, owner } : undefined),
    txChecksums: () => true,
  });
function make(wish: Wish): readonly Op[] {
  const ops = diff(wish, facts());
  kernel.run(ops);
  return ops;
}
const kinds = (ops: readonly Op[]): readonly string[] => [...new Set(ops.map((op) => op.do))];

afterAll(async () => {
  make({ owner, namespaces: [] });
  await kernel.settle();
  kernel[Symbol.dispose]();
  rmSync(root, { recursive: true });
});

const vsctl = (...words: readonly string[]): string => must("ovs-vsctl", `--db=unix:${socketIn(folder)}`, ...words);
const pings = (from: string, to: string): boolean =>
  Bun.spawnSync(["ip", "netns", "exec", `sw-${from}`, "ping", "-c1", "-W1", to]).success;
/** A busy machine drops what the switch does not get to. */
const reaches = (from: string, to: string, tries = 20): boolean =>
  Array.from({ length: tries }).some(() => pings(from, to));

const two: readonly Pod[] = [{ name: "a" }, { name: "b" }];

describe("a switch in a namespace", () => {
  test("is made, with its ports and its own device", () => {
    expect(kinds(make(wishOf(two)))).toEqual([
      "netns.create",
      "ovs.start",
      "link.add",
      "ovs.put",
      "link.set",
      "addr.add",
      "offload.set",
    ]);
    expect(vsctl("list-ports", "br0").split("\n")).toEqual(["port-a", "port-b"]);
    const [device] = JSON.parse(must("ip", "-n", "sw-n", "-j", "-d", "addr", "show", "br0"));
    expect(device).toMatchObject({ mtu: 1450, address: "02:00:00:00:00:99", ifalias: "netloom:sw/br0" });
    expect(device.addr_info.map(({ local }: { readonly local: string }) => local)).toContain("10.7.0.254");
    expect(reaches("a", address("b"))).toBe(true);
    expect(reaches("a", "10.7.0.254")).toBe(true);
    expect(must("ip", "netns", "exec", "sw-n", "ps", "--no-headers", "-o", "comm", "-C", "ovs-vswitchd")).toContain(
      "ovs-vswitchd",
    );
  });

  test("is left alone the second time", () => {
    expect(make(wishOf(two))).toEqual([]);
  });

  test("carries TCP whole: nobody leaves the checksums to a device that is none", async () => {
    const sink = Bun.spawn(["ip", "netns", "exec", "sw-b", "socat", "-u", "TCP-LISTEN:5001,reuseaddr", "STDOUT"], {
      stdout: "pipe",
    });
    const listening = () => must("ip", "netns", "exec", "sw-b", "ss", "-Hltn");
    await eventually("socat listens", () => listening().includes(":5001"));
    const bytes = new Uint8Array(1_000_000).map((_, i) => (i * 7919) >> 3);
    const source = Bun.spawn(["ip", "netns", "exec", "sw-a", "socat", "-u", "STDIN", `TCP:${address("b")}:5001`], {
      stdin: new Blob([bytes]),
    });
    const got = await sink.stdout.bytes();
    expect(await source.exited).toBe(0);
    expect(Buffer.compare(got, bytes)).toBe(0);
  });

  test("gets and loses ports without touching the others", () => {
    const before = vsctl("get", "port", "port-a", "_uuid");
    const three = [...two, { name: "c" }];
    expect(kinds(make(wishOf(three)))).toContain("ovs.put");
    expect(reaches("c", address("a"))).toBe(true);
    expect(kinds(make(wishOf(two)))).toEqual(["link.delete", "netns.delete", "ovs.put"]);
    expect(vsctl("list-ports", "br0").split("\n")).toEqual(["port-a", "port-b"]);
    expect(vsctl("get", "port", "port-a", "_uuid")).toBe(before);
  });

  test("keeps VLANs apart, and joins them again", () => {
    expect(
      make(
        wishOf([
          { name: "a", tag: 10 },
          { name: "b", tag: 20 },
        ]),
      ).map(printOp),
    ).toEqual([
      `ovs-vsctl --db=unix:${socketIn(folder)} clear port port-a tag trunks -- set port port-a tag=10 -- clear port port-b tag trunks -- set port port-b tag=20`,
    ]);
    expect(reaches("a", address("b"), 3)).toBe(false);
    make(
      wishOf([
        { name: "a", tag: 20 },
        { name: "b", tag: 20 },
      ]),
    );
    expect(reaches("a", address("b"))).toBe(true);
    make(wishOf(two));
  });

  test("takes a link that was made anew", () => {
    must("ip", "-n", "sw-n", "link", "delete", "port-a");
    expect(kinds(make(wishOf(two)))).toEqual(["link.add", "ovs.put", "link.set", "offload.set", "addr.add"]);
    expect(reaches("a", address("b"))).toBe(true);
    // The same name, and another device behind it.
    must("ip", "-n", "sw-n", "link", "delete", "port-b");
    must("ip", "-n", "sw-n", "link", "add", "port-b", "type", "veth", "peer", "name", "eth0", "netns", "sw-b");
    make(wishOf(two));
    expect(reaches("a", address("b"))).toBe(true);
    expect(make(wishOf(two))).toEqual([]);
  });

  test("goes on after its daemons died", async () => {
    for (const { pid } of daemonsIn(folder)) process.kill(pid, "SIGKILL");
    await eventually("both have ended", () => daemonsIn(folder).length === 0);
    expect(make(wishOf(two)).map(printOp).slice(2)).toEqual([]);
    expect(reaches("a", address("b"))).toBe(true);
    const forwarder = daemonsIn(folder).find(({ program }) => program === "ovs-vswitchd");
    process.kill(forwarder?.pid ?? 0, "SIGKILL");
    await eventually("it has ended", () => daemonsIn(folder).length === 1);
    expect(kinds(make(wishOf(two)))).toEqual(["ovs.start", "ovs.put"]);
    expect(reaches("b", "10.7.0.254")).toBe(true);
    expect(make(wishOf(two))).toEqual([]);
  });

  test("is undone op by op", () => {
    const ops = diff(wishOf([{ name: "a", tag: 7 }]), facts()).filter((op) => op.do === "ovs.put");
    kernel.run(ops);
    expect(vsctl("get", "port", "port-a", "tag")).toBe("7");
    kernel.run(ops.toReversed().flatMap(inverse));
    expect(vsctl("get", "port", "port-a", "tag")).toBe("[]");
    expect(make(wishOf(two))).toEqual([]);
  });

  test("says which port does not work, and why", () => {
    const put = {
      do: "ovs.put",
      netns: "sw-n",
      folder,
      owner,
      bridges: [{ name: "br0", ports: [{ name: "gone" }] }],
    } as const;
    let error: unknown;
    try {
      kernel.run([put]);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(OpError);
    expect((error as OpError).message).toContain(
      "put br0 into Open vSwitch of sw-n: port gone of bridge br0: could not open network device gone",
    );
    make(wishOf(two));
    expect(reaches("a", address("b"))).toBe(true);
  });

  test("gives way to a Linux bridge, and takes its place again", () => {
    const { namespaces } = wishOf(two);
    const [{ ovs: _, ...node }, ...pods] = namespaces as [NetnsWish, ...NetnsWish[]];
    const links: readonly LinkWish[] = [
      { spec: { kind: "bridge", name: br0, up: true }, addrs: [{ prefix: parsePrefix("10.7.0.254/24") }] },
      ...node.links.map((link) => ({ ...link, spec: { ...link.spec, master: br0 } }) as LinkWish),
    ];
    const linux: Wish = { owner, namespaces: [{ ...node, links }, ...pods] };
    expect(kinds(make(linux)).slice(0, 2)).toEqual(["ovs.put", "ovs.stop"]);
    expect(daemonsIn(folder)).toEqual([]);
    expect(reaches("a", address("b"))).toBe(true);
    expect(must("ip", "-n", "sw-n", "-br", "link")).not.toContain("ovs-netdev");
    expect(make(linux)).toEqual([]);
    make(wishOf(two));
    expect(reaches("a", address("b"))).toBe(true);
    expect(reaches("a", "10.7.0.254")).toBe(true);
    expect(make(wishOf(two))).toEqual([]);
  });

  test("goes with its namespace", async () => {
    const pids = daemonsIn(folder).map(({ pid }) => pid);
    expect(make({ owner, namespaces: [] })[0]).toEqual({ do: "ovs.stop", netns: "sw-n", folder });
    await kernel.settle();
    expect(daemonsIn(folder)).toEqual([]);
    for (const pid of pids) expect(existsSync(`/proc/${pid}/root`)).toBe(false);
  });
});

describe("several switches", () => {
  const names = ["sw-x", "sw-y", "sw-z"] as const;
  const at = (netns: string): string => join(root, netns);
  const each = (make: (netns: string, folder: string) => Op): readonly Op[] => names.map((n) => make(n, at(n)));
  const bridge = { name: br0, datapath: "netdev", ports: [] } as const;
  const put = (netns: string, folder: string): Op => ({ do: "ovs.put", netns, folder, owner, bridges: [bridge] });
  const stop = (netns: string, folder: string): Op => ({ do: "ovs.stop", netns, folder });
  const bridgesOf = (netns: string): string => must("ovs-vsctl", `--db=unix:${socketIn(at(netns))}`, "list-br");
  const forwarderOf = (netns: string): number =>
    daemonsIn(at(netns)).find(({ program }) => program === "ovs-vswitchd")?.pid ?? 0;

  test("do what they are told side by side: one that hangs keeps nobody waiting", async () => {
    kernel.run(each((netns) => ({ do: "netns.create", netns, owner, hostname: netns })));
    kernel.run(each((netns, folder) => ({ do: "ovs.start", netns, folder })));
    const hanging = forwarderOf("sw-x");
    process.kill(hanging, "SIGSTOP");
    const program = join(import.meta.dir, "_run.ts");
    const run = Bun.spawn([process.execPath, program, JSON.stringify(each(put))], { stderr: "pipe" });
    try {
      const device = (netns: string): boolean => kernel.hasLink(netns, "br0");
      await eventually("the others have their bridges", () => device("sw-y") && device("sw-z"));
      expect(device("sw-x")).toBe(false);
    } finally {
      process.kill(hanging, "SIGCONT");
    }
    expect(await run.stderr.text()).toBe("");
    expect(await run.exited).toBe(0);
    expect(bridgesOf("sw-x")).toBe("br0");
  });

  test("one that is refused is told, and what the others did can be undone", () => {
    const ops = each((netns, folder) => {
      const ports = netns === "sw-y" ? [{ name: "gone" }] : [];
      const bridges = [bridge, { ...bridge, name: "br1", ports }];
      return { do: "ovs.put", netns, folder, owner, bridges, was: [bridge] };
    });
    let error: unknown;
    try {
      kernel.run(ops);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(OpError);
    const { index, done, message } = error as OpError;
    expect({ index, done }).toEqual({ index: 1, done: [0, 2] });
    expect(message).toContain("into Open vSwitch of sw-y: port gone of bridge br1");
    kernel.run([0, 2].flatMap((at) => inverse(ops[at] as Op)));
    expect(["sw-x", "sw-z"].map(bridgesOf)).toEqual(["br0", "br0"]);
  });

  test("end together", async () => {
    kernel.run(each(stop));
    expect(names.flatMap((netns) => daemonsIn(at(netns)))).toEqual([]);
    expect(names.filter((netns) => existsSync(at(netns)))).toEqual([]);
    kernel.run(each((netns) => ({ do: "netns.delete", netns })));
    await kernel.settle();
  });
});
