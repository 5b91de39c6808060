import { expect, test } from "bun:test";
import { bridgedLab, hostileLab, onlyNetwork, overlayLab, twoNetworksLab } from "./_fixture.ts";
import { parseIfName, parseIp } from "../values/index.ts";
import { graphOf } from "./build.ts";
import type { DriverSpec, JoinSpec } from "../lab/topology.ts";
import { idOf } from "./model.ts";

test("an overlay lab has its LAN, its overlay and per node a VTEP, a bridge and pods", () => {
  const graph = graphOf(overlayLab({ nodes: 1, pods: 1 }));
  expect(graph.nodes.map(({ id, label, tier, details }) => [id, label, tier, details])).toEqual([
    ["lan:lan", "lan", 0, ["192.168.0.0/16", "fd00::/64", "mtu 1500"]],
    ["overlay:flannel.1", "vxlan 1", 1, ["udp 8472", "over lan (IPv6)"]],
    ["node:vm-001", "vm-001", 2, ["pods 172.16.1.0/24", "pods 1000::1:ac10:100/120"]],
    ["vtep:vm-001", "flannel.1", 3, ["fd00::1", "mtu 1430"]],
    ["bridge:vm-001", "cbr0", 3, ["172.16.1.254/24", "1000::1:ac10:1fe/120", "mtu 1430"]],
    ["pod:vm-001/vm-001-ns01", "vm-001-ns01", 4, ["172.16.1.1/24", "1000::1:ac10:101/120"]],
  ]);
  expect(graph.edges.map(({ kind, from, to, label }) => [kind, from, to, label])).toEqual([
    ["tunnel", "overlay:flannel.1", "lan:lan", "udp 8472"],
    ["underlay", "node:vm-001", "lan:lan", "eth1"],
    ["port", "node:vm-001", "vtep:vm-001", undefined],
    ["tunnel", "vtep:vm-001", "overlay:flannel.1", undefined],
    ["port", "node:vm-001", "bridge:vm-001", undefined],
    ["veth", "bridge:vm-001", "pod:vm-001/vm-001-ns01", "eth0"],
  ]);
  expect(graph.groups).toEqual([
    {
      id: "group:vm-001",
      label: "vm-001",
      node: "node:vm-001",
      members: ["node:vm-001", "vtep:vm-001", "bridge:vm-001", "pod:vm-001/vm-001-ns01"],
    },
  ]);
  expect(graph.notes).toEqual([
    "joined by vxlan 1: flannel.1, udp 8472, over lan (IPv6)",
    "MTU 1430: 1500 underlay - 70 vxlan over IPv6",
  ]);
});

test("tunnels of ip6tnl: one device, or one for each other node", () => {
  const base = overlayLab({ nodes: 3, pods: 0 });
  const drawn = (external: boolean) => {
    const ends = new Map(
      base.nodes.map(({ name, number }) => {
        const dev = parseIfName(external ? "ip6tnl6" : `tl-${number}`);
        return [name, { ip: parseIp(`fd00::${number}`), dev }] as const;
      }),
    );
    const join = { kind: "ip6tnl", lan: "lan", external, ends } as const;
    const { nodes, edges, notes } = graphOf({ ...base, networks: [{ ...onlyNetwork(base), join }] });
    const tunnels = edges.filter(({ kind }) => kind === "tunnel").map(({ from, to, label }) => [from, to, label]);
    return { boxes: nodes.filter(({ kind }) => kind === "vtep").map(({ label }) => label), tunnels, note: notes[0] };
  };
  const one = drawn(true);
  expect(one.boxes).toEqual(["ip6tnl6", "ip6tnl6", "ip6tnl6"]);
  expect(one.tunnels.slice(0, 2)).toEqual([
    ["overlay:ip6tnl", "lan:lan", "IP in IPv6"],
    ["vtep:vm-001", "overlay:ip6tnl", undefined],
  ]);
  expect(one.note).toBe("joined by ip6tnl over lan: one device, each route names the other end");
  expect(drawn(false).boxes).toEqual(["tl-2 tl-3", "tl-1 tl-3", "tl-1 tl-2"]);
});

test("several networks with tunnels of one kind have an overlay each", () => {
  const base = overlayLab({ nodes: 1, pods: 0 });
  const join = (external: boolean): JoinSpec => ({ kind: "ip6tnl", lan: "lan", external, ends: new Map() });
  const networks = [true, false].map((external) => ({
    ...onlyNetwork(base),
    name: external ? "one" : "each",
    join: join(external),
  }));
  const { nodes } = graphOf({ ...base, networks });
  expect(nodes.flatMap(({ id, kind }) => (kind === "overlay" ? [id] : []))).toEqual([
    "overlay:ip6tnl/one",
    "overlay:ip6tnl/each",
  ]);
});

test("with l2 the bridge is on the LAN, the node on the others", () => {
  const { edges } = graphOf(bridgedLab());
  const underlay = edges.filter(({ kind }) => kind === "underlay").slice(0, 2);
  expect(underlay.map(({ from, to }) => [from, to])).toEqual([
    ["bridge:vm-001", "lan:lan"],
    ["node:vm-001", "lan:mgmt"],
  ]);
});

test("pods on the LAN's interface: the node's place is beside them, and the interface is no port of it", () => {
  const base = bridgedLab();
  const networkWith = (driver: DriverSpec, join: JoinSpec) =>
    graphOf({ ...base, networks: [{ ...onlyNetwork(base), driver, join }] });
  const macvlan = networkWith({ kind: "macvlan", lan: "lan", mode: "private" }, { kind: "l2", lan: "lan" });
  expect(macvlan.nodes.find(({ id }) => id === "bridge:vm-001")?.details).toContain("macvlan private on eth1");
  expect(macvlan.edges.find(({ kind }) => kind === "underlay")?.from).toBe("node:vm-001");
  expect(macvlan.notes[0]).toBe("pods on the nodes' interfaces on lan: macvlan private");
  const l3 = networkWith({ kind: "ipvlan", lan: "lan", mode: "l3", flag: "vepa" }, { kind: "routes", lan: "lan" });
  expect(l3.notes.slice(0, 2)).toEqual([
    "pods on the nodes' interfaces on lan: ipvlan l3 vepa",
    "joined by routes: the nodes route to each other's pods over lan",
  ]);
});

test("impairments stand on their line, seen from its lower end", () => {
  const impaired = graphOf(bridgedLab()).edges.flatMap(({ to, impairment }) =>
    impairment === undefined ? [] : [[to, impairment]],
  );
  expect(impaired).toEqual([
    ["lan:mgmt", "out: rate 10mbit, delay 5ms, loss 1%; in: delay 5ms, jitter 500us"],
    ["pod:vm-002/vm-002-ns03", "out: loss 50%"],
  ]);
});

test("networks on a node have their bridges and pods, and a host outside is a box on its LAN", () => {
  const { nodes, edges, groups, notes } = graphOf(twoNetworksLab());
  expect(nodes.map(({ id }) => id)).toEqual([
    "lan:lan",
    "node:vm-001",
    "bridge:vm-001/red",
    "pod:vm-001/vm-001-ns01",
    "bridge:vm-001/blue",
    "pod:vm-001/vm-001-ns02",
    "external:outside",
  ]);
  const lines = edges.filter(({ kind }) => kind !== "port").map(({ from, to, label }) => `${from} ${label} ${to}`);
  expect(lines).toEqual([
    "bridge:vm-001/red eth1 lan:lan",
    "bridge:vm-001/red eth0 pod:vm-001/vm-001-ns01",
    "bridge:vm-001/blue eth0 pod:vm-001/vm-001-ns02",
    "external:outside eth7 lan:lan",
  ]);
  expect(groups.map(({ members }) => members.length)).toEqual([5, 1]);
  expect(notes[0]).toBe("red: joined by l2: every node's bridge has a port on lan");
});

test("families with MTUs of their own get a note each", () => {
  const base = overlayLab();
  const mtu = { ipv4: { bytes: 1450, because: "a" }, ipv6: { bytes: 1430, because: "b" } };
  const networks = [{ ...onlyNetwork(base), mtu, join: { kind: "none" as const } }];
  expect(graphOf({ ...base, networks }).notes).toEqual([
    "every node on its own",
    "IPv4 MTU 1450: a",
    "IPv6 MTU 1430: b",
  ]);
});

test("states reach boxes and the lines above them", () => {
  const { nodes, edges } = graphOf(overlayLab(), new Map([["pod:vm-001/vm-001-ns01", "down"]]));
  expect(nodes.filter(({ state }) => state !== undefined).map(({ id }) => id)).toEqual(["pod:vm-001/vm-001-ns01"]);
  expect(edges.find(({ to }) => to === "pod:vm-001/vm-001-ns01")?.state).toBe("down");
});

test("no name can imitate another id, and every line has its boxes", () => {
  expect(idOf("pod", "a/b", "c")).not.toBe(idOf("pod", "a", "b/c"));
  expect(idOf("pod", "\ud800")).toBe("pod:%EF%BF%BD");
  for (const lab of [overlayLab(), bridgedLab(), hostileLab()]) {
    const { nodes, edges, groups } = graphOf(lab);
    const ids = new Set(nodes.map(({ id }) => id));
    expect(ids.size).toBe(nodes.length);
    const used = [...edges.flatMap(({ from, to }) => [from, to]), ...groups.flatMap((g) => g.members)];
    expect(used.filter((id) => !ids.has(id))).toEqual([]);
  }
});

test("the graph is plain data", () => {
  const graph = graphOf(bridgedLab());
  expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
});
