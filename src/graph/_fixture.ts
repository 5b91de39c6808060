import type { JoinSpec, NetworkNode, PodNetwork, PodSpec, Topology } from "../lab/topology.ts";
import { parseIfName, parseIp, parsePrefix, parseVni, stableMac } from "../values/index.ts";

/** What a test lab is made of; two nodes with three pods each when nothing is said. */
export interface LabSize {
  readonly nodes?: number;
  readonly pods?: number;
}

/** The default example written by hand: dual-stack pods, VXLAN over an IPv6 underlay. */
export function overlayLab({ nodes: count = 2, pods = 3 }: LabSize = {}): Topology {
  const nodes = Array.from({ length: count }, (_, index) => nodeSpec(index + 1, pods));
  const lans = [
    {
      name: "lan",
      bridge: parseIfName("lan"),
      mtu: 1500,
      prefixes: [parsePrefix("192.168.0.0/16"), parsePrefix("fd00::/64")],
    },
  ];
  return {
    name: "overlay",
    owner: "netloom:overlay",
    nodes,
    lans,
    fabric: "overlay-fabric",
    externals: [],
    networks: [
      {
        name: "pods",
        lab: "overlay",
        owner: "netloom:overlay",
        nodes,
        lans,
        driver: { kind: "bridge" },
        masquerade: false,
        join: vxlan(nodes),
        mtu: {
          ipv4: { bytes: 1430, because: "1500 underlay - 70 vxlan over IPv6" },
          ipv6: { bytes: 1430, because: "1500 underlay - 70 vxlan over IPv6" },
        },
      },
    ],
    impairments: [],
    expectations: [],
  };
}

function nodeSpec(number: number, pods: number): NetworkNode {
  const name = `vm-${String(number).padStart(3, "0")}`;
  const hex = number.toString(16);
  return {
    name,
    netns: `overlay-${name}`,
    number,
    bridge: parseIfName("cbr0"),
    gateways: [parsePrefix(`172.16.${number}.254/24`), parsePrefix(`1000::1:ac10:${hex}fe/120`)],
    podNets: [parsePrefix(`172.16.${number}.0/24`), parsePrefix(`1000::1:ac10:${hex}00/120`)],
    uplinks: [
      {
        lan: "lan",
        dev: parseIfName("eth1"),
        port: parseIfName(`p${number}`),
        mac: stableMac(`${name}/eth1`),
        addrs: [parsePrefix(`192.168.0.${number}/16`), parsePrefix(`fd00::${hex}/64`)],
      },
    ],
    pods: Array.from({ length: pods }, (_, index) => podSpec(name, number, index + 1)),
  };
}

function podSpec(node: string, net: number, number: number): PodSpec {
  const name = `${node}-ns${String(number).padStart(2, "0")}`;
  const hex = (net * 256 + number).toString(16);
  return {
    name,
    netns: `overlay-${name}`,
    number,
    ifname: parseIfName("eth0"),
    port: parseIfName(name),
    mac: stableMac(name),
    addrs: [parsePrefix(`172.16.${net}.${number}/24`), parsePrefix(`1000::1:ac10:${hex}/120`)],
  };
}

function vxlan(nodes: readonly NetworkNode[]): JoinSpec {
  return {
    kind: "vxlan",
    lan: "lan",
    external: false,
    vni: parseVni(1),
    port: 8472,
    dev: parseIfName("flannel.1"),
    underlay: 6,
    vteps: new Map(
      nodes.map(({ name, number }) => [
        name,
        { mac: stableMac(`${name}/flannel.1`), ip: parseIp(`fd00::${number.toString(16)}`) },
      ]),
    ),
  };
}

/** Two nodes bridged onto one LAN and routed on another, with an impaired uplink and pod. */
export function bridgedLab(): Topology {
  const base = overlayLab();
  const lans = [...base.lans, { ...base.lans[0]!, name: "mgmt", bridge: parseIfName("mgmt"), mtu: 9000 }];
  const network = onlyNetwork(base);
  const nodes = network.nodes.map((node) => ({
    ...node,
    uplinks: [
      { ...node.uplinks[0]!, addrs: [] },
      { ...node.uplinks[0]!, lan: "mgmt", dev: parseIfName("eth2"), port: parseIfName(`m${node.number}`) },
    ],
  }));
  return {
    ...base,
    name: "bridged",
    lans,
    nodes,
    networks: [{ ...network, nodes, lans, join: { kind: "l2", lan: "lan" } }],
    impairments: [
      { netns: "overlay-vm-001", dev: parseIfName("eth2"), rate: 1_250_000, delay: 5000, loss: 0.01 },
      { netns: base.fabric, dev: parseIfName("m1"), delay: 5000, jitter: 500 },
      { netns: "overlay-vm-002-ns03", dev: parseIfName("eth0"), loss: 0.5 },
    ],
  };
}

/** The network of a lab that has one. */
export function onlyNetwork({ networks }: Topology): PodNetwork {
  return networks[0]!;
}

/** What must never get out of quotes, tags, labels or lines. */
export const hostileName = `</text><script>"x"'&#\\ ]]> "]; end %% \`b\` \u001b[2J\nnew\u202e`;

/** A lab whose every free name is {@link hostileName}. */
export function hostileLab(): Topology {
  const base = overlayLab({ nodes: 1, pods: 1 });
  const network = onlyNetwork(base);
  const nodes = network.nodes.map((node) => ({
    ...node,
    name: hostileName,
    uplinks: node.uplinks.map((uplink) => ({ ...uplink, lan: hostileName })),
    pods: node.pods.map((pod) => ({ ...pod, name: hostileName })),
  }));
  return {
    ...base,
    name: hostileName,
    lans: base.lans.map((lan) => ({ ...lan, name: hostileName })),
    nodes,
    networks: [{ ...network, nodes, join: { kind: "routes", lan: hostileName } }],
  };
}

/** One node with two networks, `red` on the LAN by l2 and `blue` on its own, and a host on that LAN. */
export function twoNetworksLab(): Topology {
  const base = overlayLab({ nodes: 1, pods: 2 });
  const network = onlyNetwork(base);
  const [node] = network.nodes as [NetworkNode];
  const on = (name: string, at: number, join: JoinSpec): PodNetwork => ({
    ...network,
    name,
    join,
    nodes: [{ ...node, bridge: parseIfName(`br-${name}`), gateways: [], pods: node.pods.slice(at, at + 1) }],
  });
  const uplink = { ...node.uplinks[0]!, bridge: parseIfName("br-red"), addrs: [] };
  const outside = {
    ...node.uplinks[0]!,
    dev: parseIfName("eth7"),
    port: parseIfName("p7"),
    addrs: [parsePrefix("172.16.1.100/24")],
  };
  return {
    ...base,
    nodes: [{ ...node, uplinks: [uplink] }],
    networks: [on("red", 0, { kind: "l2", lan: "lan" }), on("blue", 1, { kind: "none" })],
    externals: [{ name: "outside", netns: "overlay-outside", lan: "lan", uplinks: [outside], via: [] }],
  };
}
