import type { LinkAdd, QdiscOptions } from "../../rtnl/index.ts";

/** A kernel feature that is tried by using it. */
export interface LinkTrial {
  readonly id: string;
  readonly option: string;
  readonly module: string;
  /** What is made; `lower` is a device that is there. */
  readonly make: (lower: number) => LinkAdd;
}

const name = "trial0";

/** Every kind of link that labs are or will be made of. */
export const linkTrials: readonly LinkTrial[] = [
  { id: "veth", option: "CONFIG_VETH", module: "veth", make: () => ({ kind: "veth", name, peer: { name: "trial1" } }) },
  { id: "bridge", option: "CONFIG_BRIDGE", module: "bridge", make: () => ({ kind: "bridge", name }) },
  {
    id: "vxlan",
    option: "CONFIG_VXLAN",
    module: "vxlan",
    make: () => ({ kind: "vxlan", name, data: { id: 1, port: 8472, learning: false } }),
  },
  {
    id: "vxlan-external",
    option: "CONFIG_VXLAN",
    module: "vxlan",
    make: () => ({ kind: "vxlan", name, data: { collectMetadata: true, port: 8472, learning: false } }),
  },
  {
    id: "macvlan",
    option: "CONFIG_MACVLAN",
    module: "macvlan",
    make: (lower) => ({ kind: "macvlan", name, lower, data: { mode: "bridge" } }),
  },
  {
    id: "ipvlan",
    option: "CONFIG_IPVLAN",
    module: "ipvlan",
    make: (lower) => ({ kind: "ipvlan", name, lower, data: { mode: "l2" } }),
  },
  {
    id: "vlan",
    option: "CONFIG_VLAN_8021Q",
    module: "8021q",
    make: (lower) => ({ kind: "vlan", name, lower, data: { id: 7 } }),
  },
  { id: "dummy", option: "CONFIG_DUMMY", module: "dummy", make: () => ({ kind: "dummy", name }) },
  {
    id: "ip6tnl",
    option: "CONFIG_IPV6_TUNNEL",
    module: "ip6_tunnel",
    make: (lower) => ({ kind: "ip6tnl", name, lower }),
  },
  { id: "ipip", option: "CONFIG_NET_IPIP", module: "ipip", make: (lower) => ({ kind: "ipip", name, lower }) },
  { id: "sit", option: "CONFIG_IPV6_SIT", module: "sit", make: (lower) => ({ kind: "sit", name, lower }) },
  { id: "gre", option: "CONFIG_NET_IPGRE", module: "ip_gre", make: (lower) => ({ kind: "gre", name, lower }) },
  {
    id: "geneve",
    option: "CONFIG_GENEVE",
    module: "geneve",
    make: () => ({ kind: "geneve", name, data: { collectMetadata: true } }),
  },
  { id: "vrf", option: "CONFIG_NET_VRF", module: "vrf", make: () => ({ kind: "vrf", name, data: { table: 7 } }) },
  { id: "ifb", option: "CONFIG_IFB", module: "ifb", make: () => ({ kind: "ifb", name }) },
];

/** A queueing discipline that is tried by using it. */
export interface QdiscTrial {
  readonly option: string;
  readonly module: string;
  readonly options: QdiscOptions;
}

export const qdiscTrials: readonly QdiscTrial[] = [
  {
    option: "CONFIG_NET_SCH_TBF",
    module: "sch_tbf",
    options: { kind: "tbf", rate: 125_000, burst: 15_000, limit: 30_000 },
  },
  { option: "CONFIG_NET_SCH_NETEM", module: "sch_netem", options: { kind: "netem", delay: 1000 } },
  { option: "CONFIG_NET_SCH_FQ_CODEL", module: "sch_fq_codel", options: { kind: "fq_codel" } },
  { option: "CONFIG_NET_SCH_HTB", module: "sch_htb", options: { kind: "htb" } },
  { option: "CONFIG_NET_SCH_INGRESS", module: "sch_ingress", options: { kind: "ingress" } },
];
