/** Labs whose nodes are joined in tunnels: that all goes through them, whole, and nothing of pods is seen outside. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Op } from "../../src/change/index.ts";
import { addLink, delLink } from "../../src/rtnl/index.ts";
import { type Lab, type LabInput, load } from "../../src/lab/index.ts";
import { tunnelsOn } from "../../src/lab/topology.ts";
import { type Ip, type Prefix, eui64Ip, linkLocalPrefix, prefixIp } from "../../src/values/index.ts";
import { reaches } from "./lab-host.ts";
import { Connection, Recording, said, tooBig } from "./lab-wire.ts";
import { lacks, socket } from "./rtnl-witness.ts";

const noTunnels = lacks(() => {
  socket.run(addLink({ kind: "ip6tnl", name: "t0" }));
  socket.run(delLink({ name: "t0" }));
});

const both = ["192.168.1.0/24", "1000::1:192.168.1.0/120"];
const MEGABYTE = 1_000_000;

interface Way {
  readonly name: string;
  /** Its tunnels' packets, as tcpdump's filter. */
  readonly outer: string;
  readonly mtu: number;
  readonly underlay: LabInput["underlay"];
  /** Three, if they are more than a number. */
  readonly nodes?: LabInput["nodes"];
  readonly join: NonNullable<LabInput["network"]>["join"];
}

const ways: readonly Way[] = [
  {
    name: "vxlan over IPv4",
    outer: "ip and udp port 4789",
    mtu: 1450,
    underlay: { prefixes: both },
    join: { kind: "vxlan", over: "ipv4" },
  },
  { name: "vxlan over IPv6", outer: "ip6 and udp port 4789", mtu: 1430, underlay: { prefixes: both }, join: "vxlan" },
  {
    name: "external vxlan over IPv4",
    outer: "ip and udp port 4789",
    mtu: 1450,
    underlay: { prefixes: both },
    join: { kind: "vxlan", over: "ipv4", external: true },
  },
  {
    name: "external vxlan over IPv6",
    outer: "ip6 and udp port 4789",
    mtu: 1430,
    underlay: { prefixes: both },
    join: { kind: "vxlan", external: true, vni: 100 },
  },
  {
    name: "vxlan over link-local addresses",
    outer: "ip6 and udp port 4789",
    mtu: 1430,
    underlay: { prefixes: "link-local" },
    join: "vxlan",
  },
  {
    name: "external vxlan over addresses made of MAC addresses",
    outer: "ip6 and udp port 4789",
    mtu: 1430,
    underlay: { prefixes: "fd00:192:168:1::/64", hosts: "eui64" },
    join: { kind: "vxlan", external: true },
  },
  {
    name: "external vxlan over addresses that are written",
    outer: "ip6 and udp port 4789",
    mtu: 8930,
    underlay: { prefixes: "fd00:192:168:1::/64", mtu: 9000 },
    nodes: ["n1", { name: "n2", addresses: { lan1: "fd00:192:168:1:dead::77" } }, "n3"],
    join: { kind: "vxlan", external: true },
  },
];
const tunnels: readonly Way[] = [
  {
    name: "ip6tnl, one device",
    outer: "ip6 proto 4 or ip6 proto 41",
    mtu: 1460,
    underlay: { prefixes: both },
    join: "ip6tnl",
  },
  {
    name: "ip6tnl, a device for each other node",
    outer: "ip6 proto 4 or ip6 proto 41",
    mtu: 1460,
    underlay: { prefixes: both },
    join: { kind: "ip6tnl", external: false },
  },
  {
    name: "ip6tnl over link-local addresses",
    outer: "ip6 proto 4 or ip6 proto 41",
    mtu: 1460,
    underlay: { prefixes: "link-local" },
    join: "ip6tnl",
  },
];

/** The addresses that may be seen on the LAN: those of the nodes' interfaces there. */
function underlayOf({ topology }: Lab): readonly Ip[] {
  return topology.nodes.flatMap(({ uplinks }) =>
    uplinks.flatMap(({ addrs, mac }) => [...addrs.map(prefixIp), eui64Ip(linkLocalPrefix, mac)]),
  );
}

const addressOf = (addrs: readonly Prefix[] | undefined, family: 4 | 6): string =>
  (addrs ?? []).map(prefixIp).find((ip) => ip.includes(":") === (family === 6)) ?? "";

function through(way: Way): void {
  const lab = load({
    name: "join",
    nodes: way.nodes ?? 3,
    pods: 2,
    underlay: way.underlay,
    network: { join: way.join },
  });
  const fabric = lab.topology.fabric;
  const [first, , third] = lab.topology.nodes;
  const [from, to] = [first?.pods[0], third?.pods[1]];
  beforeAll(() => lab.up());
  afterAll(() => lab.down());

  test("is what it shall be: nothing is left to do", () => {
    expect(lab.plan().ops).toEqual([]);
    expect(lab.inspect().members.filter(({ state }) => state !== "up")).toEqual([]);
  });

  test("pods and nodes reach all pods, and only nodes' addresses are on the wire", async () => {
    const result: { failed?: number; ok?: number } = {};
    using wire = await Recording.of(fabric, first?.netns ?? "", async () => {
      Object.assign(result, (await lab.test({ timeoutMs: 10_000 })).summary);
    });
    expect(result).toMatchObject({ failed: 0 });
    expect(result.ok).toBeGreaterThan(0);
    expect(wire.packets(way.outer).length).toBeGreaterThan(0);
    const known = underlayOf(lab).map((ip) => `src host ${ip}`);
    expect(wire.packets(`(ip or ip6) and not (${known.join(" or ")} or src host ::)`)).toEqual([]);
    // Nothing but tunnels, and what finds the nodes' neighbours and tells whom they listen to (MLD goes to ff02::16).
    expect(wire.packets(`not (${way.outer}) and not arp and not icmp6 and not dst host ff02::16`)).toEqual([]);
    // Packets without a UDP checksum, which IPv6 drops where nobody said otherwise.
    for (const { netns } of lab.topology.nodes) {
      expect(said(netns, "cat", "/proc/net/snmp6")).toMatch(/^Udp6InCsumErrors\s+0$/m);
    }
  });

  test("a packet of the promised size passes whole, and the promise is the LAN's MTU less the tunnel", async () => {
    expect(lab.topology.networks[0]?.mtu.ipv6?.bytes).toBe(way.mtu);
    const { summary } = await lab.test({ timeoutMs: 10_000, size: way.mtu });
    expect(summary).toMatchObject({ failed: 0 });
  });

  test.each([4, 6] as const)("a megabyte by TCP over IPv%d, and no packet was too big", async (family) => {
    const [near, far] = [from?.netns ?? "", to?.netns ?? ""];
    await using connection = await Connection.between(near, far, addressOf(to?.addrs, family));
    expect(await connection.send(MEGABYTE)).toBe(MEGABYTE);
    const places = [near, far, first?.netns ?? "", third?.netns ?? ""];
    expect(places.map(tooBig)).toEqual([0, 0, 0, 0]);
  });

  test("a tunnel that is down is seen, and mended", async () => {
    const [network] = lab.topology.networks;
    if (network === undefined || first === undefined) throw new Error("no network");
    const [dev = ""] = tunnelsOn(network, first);
    said(first.netns, "ip", "link", "set", dev, "down");
    expect(lab.inspect().members.find(({ name }) => name === first.name)?.problems).toEqual([`${dev} is down`]);
    const { summary, pairs } = await lab.test({ timeoutMs: 500 });
    expect(summary.failed).toBeGreaterThan(0);
    const facts = pairs.flatMap((pair) => pair.facts ?? []);
    // Permanent neighbours in tunnels are nothing to blame.
    expect(facts.filter((fact) => fact.includes(" is set to "))).toEqual([]);
    await lab.up();
    expect(lab.plan().ops).toEqual([]);
    expect(await reaches(lab)).toBe(true);
  });
}

for (const way of ways) describe(way.name, () => through(way));
for (const way of tunnels) describe.skipIf(noTunnels)(`${way.name} (needs CONFIG_IPV6_TUNNEL)`, () => through(way));

/** Of the nth of several networks. */
const addresses = (n: number) => ({ ipv4: `172.${15 + n}.0.0/16/24`, ipv6: `1000::${n}:0.0.0.0` });

test("several tunnels on a node: each network has its own, and one that is down is nobody else's trouble", async () => {
  await using lab = load({
    name: "join",
    nodes: 2,
    pods: 1,
    underlay: { prefixes: both },
    networks: [
      { name: "a", addresses: addresses(1), join: { kind: "vxlan", vni: 1 } },
      { name: "b", addresses: addresses(2), join: { kind: "vxlan", vni: 2, over: "ipv4" } },
      { name: "c", addresses: addresses(3), join: { kind: "vxlan", vni: 3, external: true, port: 8472 } },
    ],
  });
  const [first] = lab.topology.nodes;
  await lab.up();
  expect(lab.plan().ops).toEqual([]);
  const reached: boolean[] = [];
  using wire = await Recording.of(lab.topology.fabric, first?.netns ?? "", async () => {
    reached.push(await reaches(lab));
  });
  expect(reached).toEqual([true]);
  const outer = ["ip6 and udp port 4789", "ip and udp port 4789", "ip6 and udp port 8472"];
  expect(outer.filter((filter) => wire.packets(filter).length === 0)).toEqual([]);
  const tunnels = outer.map((filter) => `(${filter})`).join(" or ");
  expect(wire.packets(`not (${tunnels}) and not arp and not icmp6 and not dst host ff02::16`)).toEqual([]);

  said(first?.netns ?? "", "ip", "link", "set", "vxlan2", "down");
  const failed = (await lab.test({ timeoutMs: 500 })).pairs.filter(({ ok }) => !ok);
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.filter(({ from, to }) => ![from, to].some((name) => name.startsWith("b-")))).toEqual([]);
  await lab.up();
  expect(await reaches(lab)).toBe(true);
});

test.skipIf(noTunnels)("tunnels of each kind side by side (needs CONFIG_IPV6_TUNNEL)", async () => {
  await using lab = load({
    name: "join",
    nodes: 2,
    pods: 1,
    underlay: { prefixes: both },
    networks: [
      { name: "a", addresses: addresses(1), join: "ip6tnl" },
      { name: "b", addresses: addresses(2), join: { kind: "ip6tnl", external: false } },
      { name: "c", addresses: addresses(3), join: "vxlan" },
    ],
  });
  const [first] = lab.topology.nodes;
  await lab.up();
  expect(lab.plan().ops).toEqual([]);
  expect(await reaches(lab)).toBe(true);
  // Packets of both ip6tnl have the same ends: the device of one does not take what is the other's.
  said(first?.netns ?? "", "ip", "link", "set", "tl-2", "down");
  const failed = (await lab.test({ timeoutMs: 2000 })).pairs.filter(({ ok }) => !ok);
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.filter(({ from, to }) => ![from, to].some((name) => name.startsWith("b-")))).toEqual([]);
  await lab.up();
  expect(await reaches(lab)).toBe(true);
});

test("routes go by link-local addresses, for IPv4 pods too", async () => {
  await using lab = load({
    name: "join",
    nodes: 3,
    pods: 1,
    underlay: { prefixes: "link-local" },
    network: { join: "routes" },
  });
  await lab.up();
  expect(lab.plan().ops).toEqual([]);
  expect(await reaches(lab)).toBe(true);
});

interface Change {
  readonly join: Way["join"];
  readonly underlay: LabInput["underlay"];
  /** What is done to the nodes that were there, when one comes and when it goes. */
  readonly coming: readonly string[];
  readonly going: readonly string[];
}

function comeAndGo({ join, underlay, coming, going }: Change): void {
  const withNodes = (count: number): Lab =>
    load({
      name: "join",
      nodes: count,
      pods: 2,
      underlay,
      network: { join },
    });
  afterAll(() => withNodes(2).down());

  test("do not disturb the others, nor what flows between them", async () => {
    await withNodes(2).up();
    const [one, two] = withNodes(2).topology.nodes.map(({ pods }) => pods[0]);
    await using flow = await Connection.between(one?.netns ?? "", two?.netns ?? "", addressOf(two?.addrs, 6));
    expect(await flow.send(MEGABYTE)).toBe(MEGABYTE);

    const nodes = ["join-vm-001", "join-vm-002"];
    /** What is done to the nodes that were there. */
    const done = (ops: readonly Op[]): string[] =>
      [...new Set(ops.filter(({ netns }) => nodes.includes(netns)).map((op) => op.do))].toSorted();
    expect(done((await withNodes(3).up()).ops)).toEqual([...coming]);
    expect(await reaches(withNodes(3))).toBe(true);
    expect(await flow.send(MEGABYTE)).toBe(MEGABYTE);

    expect(done((await withNodes(2).up()).ops)).toEqual([...going]);
    expect(await reaches(withNodes(2))).toBe(true);
    expect(await flow.send(MEGABYTE)).toBe(MEGABYTE);
    expect(withNodes(2).plan().ops).toEqual([]);
  });
}

describe("nodes that come and go, with external vxlan", () => {
  const join = { kind: "vxlan", external: true } as const;
  const going = ["neigh.delete", "route.delete"];
  comeAndGo({ join, underlay: { prefixes: both }, coming: ["neigh.put", "route.put"], going });
});

describe.each(["routes", "l2"] as const)("nodes that come and go, with %s", (join) => {
  const [coming, going] = join === "l2" ? [[], []] : [["route.put"], ["route.delete"]];
  comeAndGo({ join, underlay: { prefixes: both }, coming, going });
});

describe("nodes that come and go, with vxlan over link-local addresses", () => {
  const coming = ["fdb.put", "neigh.put", "route.put"];
  const going = ["fdb.delete", "neigh.delete", "route.delete"];
  comeAndGo({ join: "vxlan", underlay: { prefixes: "link-local" }, coming, going });
});

describe.skipIf(noTunnels)("nodes that come and go, with ip6tnl (needs CONFIG_IPV6_TUNNEL)", () => {
  comeAndGo({ join: "ip6tnl", underlay: { prefixes: both }, coming: ["route.put"], going: ["route.delete"] });
});

describe.skipIf(noTunnels)(
  "nodes that come and go, with ip6tnl over link-local addresses (needs CONFIG_IPV6_TUNNEL)",
  () => {
    const coming = ["link.add", "route.put"];
    comeAndGo({ join: "ip6tnl", underlay: { prefixes: "link-local" }, coming, going: ["link.delete"] });
  },
);
