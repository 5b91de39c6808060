/**
 * The vocabulary that wishes, facts and ops share. Everything is named (namespace, interface name), never numbered:
 * an ifindex means something only to one kernel at one moment.
 */
import type { IfName, Ip, Mac, Prefix } from "../values/index.ts";
import type { BridgePortSet, LinkDataSet, LinkKind } from "../rtnl/index.ts";

/** Name of a network namespace, as `ip netns` shows it. */
export type NetnsName = string;

/** An end of a link, wherever it lives. */
export interface LinkRef {
  readonly netns: NetnsName;
  readonly name: IfName;
}

/** A link as it is made: what cannot be changed later without making it anew, and what is set on the way. */
export type LinkSpec = { readonly [K in LinkKind]: LinkSpecOf<K> }[LinkKind];

export interface LinkSpecOf<K extends LinkKind> extends LinkState {
  readonly name: IfName;
  readonly kind: K;
  readonly data?: LinkDataSet<K>;
  /** The device below (vlan, macvlan, ipvlan, vxlan, tunnels). */
  readonly lower?: IfName;
  /** Namespace of the device below, if it is another (vlan, macvlan, ipvlan). Facts tell that device's number instead. */
  readonly lowerNetns?: NetnsName;
  /** The other end of a veth. Both ends name each other; the pair is made once. */
  readonly peer?: LinkRef;
}

/** What can be changed on a link that exists. */
export interface LinkState {
  readonly up?: boolean;
  /** Bytes. */
  readonly mtu?: number;
  readonly mac?: Mac;
  /** The bridge (or vrf) it is a port of; `null` takes it out. */
  readonly master?: IfName | null;
  /** `ifalias`, up to 255 bytes: carries the owner's tag. Empty takes it away. */
  readonly alias?: string;
  /** Alternative names (long ones), each up to 127 bytes: the whole list, also where it is set. */
  readonly altNames?: readonly string[];
  /** How IPv6 link-local addresses are made: `none` keeps a switch port silent. */
  readonly addrGenMode?: "eui64" | "none" | "stable-privacy" | "random";
  /** Takes all frames, whatever their destination. */
  readonly promisc?: boolean;
  /** Takes all multicast frames. */
  readonly allmulti?: boolean;
  /** Packets that may wait to be sent. */
  readonly txQueueLen?: number;
  /** Options of the link as a bridge port. */
  readonly port?: BridgePortSet;
}

export interface AddrSpec {
  /** Address with its prefix length. */
  readonly prefix: Prefix;
  /** Leave out duplicate address detection: for addresses that were allocated, not guessed. */
  readonly noDad?: boolean;
  /** IPv4 broadcast address; none if absent. */
  readonly broadcast?: Ip;
  /** The kernel makes no route to the prefix. */
  readonly noPrefixRoute?: boolean;
}

export interface NextHop {
  readonly via?: Ip;
  readonly dev?: IfName;
  readonly weight?: number;
}

/** A lightweight-tunnel encapsulation (`ip route … encap ip|ip6`). */
export interface EncapSpec {
  readonly type: "ip" | "ip6";
  readonly dst: Ip;
  readonly src?: Ip;
  readonly id?: bigint;
  readonly ttl?: number;
}

export interface RouteSpec {
  /** `0.0.0.0/0` and `::/0` are the default routes. */
  readonly dst: Prefix;
  readonly via?: Ip;
  readonly dev?: IfName;
  /** Preferred source address. */
  readonly src?: Ip;
  /** The gateway, or those of all hops, are on the link whatever the addresses say. */
  readonly onlink?: boolean;
  readonly metric?: number;
  /** Table number; absent is main (254). */
  readonly table?: number;
  /** Path MTU metric, bytes. */
  readonly mtu?: number;
  /** TCP maximum segment size that is announced, bytes. */
  readonly advmss?: number;
  /** RT_SCOPE_* of linux/rtnetlink.h; absent is what `ip route` makes of the rest. */
  readonly scope?: number;
  readonly multipath?: readonly NextHop[];
  readonly encap?: EncapSpec;
  readonly type?: "unicast" | "blackhole" | "unreachable" | "prohibit";
  /** Who makes it: a number of rtm_protocol that no program has; absent is `static`. */
  readonly proto?: number;
}

export interface RuleSpec {
  readonly family: 4 | 6;
  readonly priority: number;
  readonly table: number;
  readonly from?: Prefix;
  readonly to?: Prefix;
  readonly iif?: IfName;
  readonly oif?: IfName;
  readonly mark?: number;
}

/** A permanent neighbour: who answers for `ip` on `dev`. */
export interface NeighSpec {
  readonly dev: IfName;
  readonly ip: Ip;
  readonly mac: Mac;
}

/** A permanent forwarding entry of a vxlan device: where frames for `mac` are sent. */
export interface FdbSpec {
  readonly dev: IfName;
  readonly mac: Mac;
  readonly dst: Ip;
  /** The link by which `dst` is reached; what a link-local one needs. */
  readonly via?: IfName;
}

/** VLANs that a bridge lets through a port. */
export interface PortVlanSpec {
  /** 1 to 4094. */
  readonly vid: number;
  /** The last one of a range that begins with `vid`. */
  readonly last?: number;
  /** Untagged frames that come in belong to it. */
  readonly pvid?: boolean;
  /** Frames leave without a tag. */
  readonly untagged?: boolean;
}

/** A queueing discipline at a link's root. Rates in bytes per second, times in microseconds, shares 0..1. */
export type QdiscSpec =
  | { readonly kind: "tbf"; readonly rate: number; readonly burst: number; readonly latency: number }
  | {
      readonly kind: "netem";
      readonly delay?: number;
      readonly jitter?: number;
      readonly loss?: number;
      readonly duplicate?: number;
      readonly reorder?: number;
      readonly corrupt?: number;
      readonly rate?: number;
      /** Packets. */
      readonly limit?: number;
    };
