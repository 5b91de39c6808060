/** Switches in wishes: what is done in which order, what a second look changes, and how it is told; on the kernel in memory. */
import { describe, expect, test } from "bun:test";
import { type NetnsWish, type Op, type Wish, diff, inverse, printOp, summarize } from "../../src/change/index.ts";
import { MemoryKernel } from "../../src/kernel/memory.ts";
import { parseIfName, parsePrefix } from "../../src/values/index.ts";

const owner = "netloom:m";
const folder = "/run/netloom/m/ovs/n";
const [br0, eth0] = [parseIfName("br0"), parseIfName("eth0")];

function wishOf(tags: Readonly<Record<string, number | undefined>>, withSwitch = true): Wish {
  const names = Object.keys(tags);
  const node: NetnsWish = {
    name: "n",
    links: names.map((name) => ({
      spec: { kind: "veth", name: parseIfName(name), peer: { netns: name, name: eth0 }, up: true },
    })),
  };
  const bridge = {
    name: br0,
    ports: Object.entries(tags).map(([name, tag]) => ({ name, ...(tag !== undefined && { tag }) })),
    device: { state: { up: true }, addrs: [{ prefix: parsePrefix("10.0.0.254/24") }] },
  };
  const pods = names.map((name): NetnsWish => {
    const peer = { netns: "n", name: parseIfName(name) };
    return { name, links: [{ spec: { kind: "veth", name: eth0, peer, up: true }, txChecksum: false }] };
  });
  return { owner, namespaces: [{ ...node, ...(withSwitch && { ovs: { folder, bridges: [bridge] } }) }, ...pods] };
}

class Bench {
  readonly kernel = new MemoryKernel();

  facts() {
    const switches = (netns: string) => (netns === "n" ? { folder, owner } : undefined);
    return this.kernel.facts({ namespaces: ["n", "a", "b", "c"], switches });
  }

  plan(wish: Wish): readonly Op[] {
    return diff(wish, this.facts());
  }

  make(wish: Wish): readonly Op[] {
    const ops = this.plan(wish);
    this.kernel.run(ops);
    return ops;
  }

  told(wish: Wish): readonly string[] {
    return summarize(this.plan(wish), this.facts())
      .lines.filter(({ depth }) => depth > 0)
      .map(({ sign, text }) => `${sign} ${text}`);
  }
}

const two = wishOf({ a: undefined, b: 10 });
const steps = (ops: readonly Op[]): readonly string[] =>
  ops.map((op) => op.do).filter((name, at, all) => name !== all[at - 1]);

describe("a switch", () => {
  test("starts before there are links, and takes them before they have addresses", () => {
    const bench = new Bench();
    expect(steps(bench.make(two)).slice(0, 4)).toEqual(["netns.create", "ovs.start", "link.add", "ovs.put"]);
    const node = bench.facts().get("n");
    expect(node?.ovs?.bridges?.[0]?.ports.map(({ name, tag }) => [name, tag])).toEqual([
      ["a", undefined],
      ["b", 10],
    ]);
    expect(node?.links.find(({ name }) => name === br0)).toMatchObject({
      up: true,
      addrs: [{ prefix: "10.0.0.254/24" }],
    });
    expect(bench.plan(two)).toEqual([]);
  });

  test("changes by one op, and only if something differs", () => {
    const bench = new Bench();
    bench.make(two);
    const [put, ...rest] = bench.make(wishOf({ a: 7, b: 10 }));
    expect(rest).toEqual([]);
    expect(put).toMatchObject({
      do: "ovs.put",
      was: [{ name: "br0", ports: [{ name: "a" }, { name: "b", tag: 10 }] }],
    });
    expect(steps(bench.make(wishOf({ a: 7 })))).toEqual(["link.delete", "netns.delete", "ovs.put"]);
    expect(bench.plan(wishOf({ a: 7 }))).toEqual([]);
  });

  test("takes a link that was made anew, also one of the same number", () => {
    const bench = new Bench();
    bench.make(two);
    bench.kernel.run([{ do: "link.delete", netns: "n", name: parseIfName("a") }]);
    const ops = bench.make(two);
    const put = ops.find((op) => op.do === "ovs.put");
    expect(put).toMatchObject({ again: ["a"] });
    expect(put && inverse(put)).toEqual([]);
    expect(bench.plan(two)).toEqual([]);
  });

  test("that was stopped is started, and told everything", () => {
    const bench = new Bench();
    bench.make(two);
    bench.kernel.run([{ do: "ovs.stop", netns: "n", folder }]);
    expect(steps(bench.make(two))).toEqual(["ovs.start", "ovs.put"]);
  });

  test("that is not wished any more gives back its ports before it ends", () => {
    const bench = new Bench();
    bench.make(two);
    const plain = wishOf({ a: undefined, b: undefined }, false);
    expect(steps(bench.make(plain))).toEqual(["ovs.put", "ovs.stop"]);
    expect(
      bench
        .facts()
        .get("n")
        ?.links.map(({ name }) => name as string),
    ).toEqual(["lo", "a", "b"]);
    expect(bench.plan(plain)).toEqual([]);
  });

  test("ends before its namespace goes", () => {
    const bench = new Bench();
    bench.make(two);
    expect(steps(bench.plan({ owner, namespaces: [] }))).toEqual(["ovs.stop", "netns.delete"]);
  });

  test("takes the name of a Linux bridge", () => {
    const bench = new Bench();
    const { namespaces } = wishOf({ a: undefined }, false);
    const [node, ...pods] = namespaces as [NetnsWish, ...NetnsWish[]];
    const spec = { kind: "bridge", name: br0, up: true } as const;
    bench.make({ owner, namespaces: [{ ...node, links: [{ spec }, ...node.links] }, ...pods] });
    expect(steps(bench.make(wishOf({ a: undefined })))).toEqual([
      "link.delete",
      "ovs.start",
      "ovs.put",
      "link.set",
      "addr.add",
    ]);
    expect(bench.plan(wishOf({ a: undefined }))).toEqual([]);
  });

  test("is as it was when all is undone", () => {
    const bench = new Bench();
    bench.make(two);
    const before = bench.facts().get("n")?.ovs;
    const ops = bench.make(wishOf({ a: 20, b: undefined, c: undefined }));
    expect(bench.facts().get("n")?.ovs).not.toEqual(before);
    for (const op of ops.toReversed()) bench.kernel.run(inverse(op));
    expect(bench.facts().get("n")?.ovs).toEqual(before);
    expect(bench.plan(two)).toEqual([]);
  });

  test("whose port has no device is refused", () => {
    const bench = new Bench();
    bench.make(two);
    const put = {
      do: "ovs.put",
      netns: "n",
      folder,
      owner,
      bridges: [{ name: "br0", ports: [{ name: "nowhere" }] }],
    } as const;
    expect(() => bench.kernel.run([put])).toThrow("could not open network device nowhere");
  });
});

describe("a switch is told", () => {
  test("with its ports in one line while it is new", () => {
    expect(new Bench().told(two).slice(0, 2)).toEqual([
      `+ Open vSwitch in ${folder}`,
      "+ Open vSwitch bridge br0 10.0.0.254/24 with a, b (VLAN 10)",
    ]);
  });

  test("port by port afterwards", () => {
    const bench = new Bench();
    bench.make(two);
    expect(bench.told(wishOf({ a: 20, c: undefined })).filter((line) => line.includes("br0"))).toEqual([
      "- port b of br0",
      "~ port of br0: a → a (VLAN 20)",
      "+ port c of br0",
    ]);
  });

  test("as commands that do it", () => {
    const printed = new Bench()
      .plan(two)
      .flatMap((op) => (op.do.startsWith("ovs.") || op.do === "offload.set" ? [printOp(op)] : []));
    expect(printed).toEqual([
      [
        `ovsdb-tool create ${folder}/conf.db`,
        `OVS_RUNDIR=${folder} ip netns exec n ovsdb-server ${folder}/conf.db --remote=punix:${folder}/db.sock --pidfile=${folder}/ovsdb-server.pid --detach`,
        `ovs-vsctl --no-wait --db=unix:${folder}/db.sock init`,
        `OVS_RUNDIR=${folder} ip netns exec n ovs-vswitchd unix:${folder}/db.sock --pidfile=${folder}/ovs-vswitchd.pid --detach`,
      ].join(" && "),
      `ovs-vsctl --db=unix:${folder}/db.sock add-br br0 -- set bridge br0 fail_mode=standalone -- add-port br0 a -- add-port br0 b tag=10`,
      "ip netns exec a ethtool -K eth0 tx off",
      "ip netns exec b ethtool -K eth0 tx off",
    ]);
    expect(printOp({ do: "ovs.stop", netns: "n", folder })).toBe(
      `kill $(cat ${folder}/ovs-vswitchd.pid ${folder}/ovsdb-server.pid)`,
    );
  });
});
