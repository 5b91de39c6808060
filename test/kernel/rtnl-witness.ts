import { NetlinkError, NetlinkSocket } from "../../src/netlink/index.ts";
import { type LinkKind, addLink, getLink, setLink } from "../../src/rtnl/index.ts";

/** The witness: what iproute2 sees. */
export function shown<T>(...command: readonly string[]): readonly T[] {
  const run = Bun.spawnSync([...command]);
  if (run.exitCode !== 0) throw new Error(`${command.join(" ")}: ${run.stderr.toString()}`);
  const text = run.stdout.toString().trim();
  return text === "" ? [] : (JSON.parse(text) as readonly T[]);
}

export const ip = <T>(...words: readonly string[]): readonly T[] => shown<T>("ip", "-j", "-d", ...words);
export const socket = new NetlinkSocket();

export function indexOf(name: string): number {
  const link = socket.ask(getLink({ name }));
  if (link === undefined) throw new Error(`no link ${name}`);
  return link.index;
}

/** Makes a veth pair with both ends up; gives the first end's index. */
export function pair(name: string): number {
  socket.run(addLink({ kind: "veth", name, peer: { name: `${name}p` } }));
  socket.run(setLink({ name }, { up: true, addrGenMode: "none" }));
  socket.run(setLink({ name: `${name}p` }, { up: true, addrGenMode: "none" }));
  return indexOf(name);
}

/** Kernel options of what a kernel may lack; tests whose name says `(needs CONFIG_…)` run on a full one too (test/vm). */
export const option: Partial<Record<LinkKind | "netem" | "fq_codel" | "htb" | "ingress", string>> = {
  bridge: "CONFIG_BRIDGE",
  ifb: "CONFIG_IFB",
  macvlan: "CONFIG_MACVLAN",
  vxlan: "CONFIG_VXLAN",
  dummy: "CONFIG_DUMMY",
  geneve: "CONFIG_GENEVE",
  gre: "CONFIG_NET_IPGRE",
  gretap: "CONFIG_NET_IPGRE",
  ip6gre: "CONFIG_IPV6_GRE",
  ip6gretap: "CONFIG_IPV6_GRE",
  ip6tnl: "CONFIG_IPV6_TUNNEL",
  ipip: "CONFIG_NET_IPIP",
  ipvlan: "CONFIG_IPVLAN",
  sit: "CONFIG_IPV6_SIT",
  vlan: "CONFIG_VLAN_8021Q",
  vrf: "CONFIG_NET_VRF",
  netem: "CONFIG_NET_SCH_NETEM",
  fq_codel: "CONFIG_NET_SCH_FQ_CODEL",
  htb: "CONFIG_NET_SCH_HTB",
  ingress: "CONFIG_NET_SCH_INGRESS",
};

/** Whether the kernel knows the kind: it refuses an unknown one with EOPNOTSUPP, a discipline with ENOENT. */
export function lacks(doing: () => void): boolean {
  try {
    doing();
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error;
    return /Unknown device type|qdisc kind is unknown/.test(error.message);
  }
  return false;
}

/** What ip shows of a link. */
export interface Shown {
  readonly ifname: string;
  readonly mtu: number;
  readonly address: string;
  readonly operstate: string;
  readonly flags: readonly string[];
  readonly master?: string;
  readonly link?: string;
  readonly ifalias?: string;
  readonly altnames?: readonly string[];
  readonly inet6_addr_gen_mode?: string;
  readonly linkinfo?: {
    readonly info_kind?: string;
    readonly info_data?: Readonly<Record<string, unknown>>;
    readonly info_slave_data?: Readonly<Record<string, unknown>>;
  };
}

/** A link as ip shows it. */
export const one = (name: string): Shown => ip<Shown>("link", "show", "dev", name)[0] as Shown;
