import type { Owned, SharedTable } from "../nft/index.ts";
import type { BridgeSpec } from "../ovsdb/switch.ts";
import type { IfName } from "../values/index.ts";
import type {
  AddrSpec,
  FdbSpec,
  LinkSpec,
  LinkState,
  NeighSpec,
  NetnsName,
  QdiscSpec,
  RouteSpec,
  RuleSpec,
} from "./net.ts";

/** A link that shall be there, with what shall be on it. */
export interface LinkWish {
  readonly spec: LinkSpec;
  readonly addrs?: readonly AddrSpec[];
  readonly qdisc?: QdiscSpec;
  /** Whether the checksums of what it sends are left to the device; absent leaves it as it is. */
  readonly txChecksum?: boolean;
}

/** A switch of Open vSwitch with daemons of its own in the namespace. Its ports are links of the namespace, wished as such. */
export interface SwitchWish {
  /** Where its database, sockets, pid files and logs are. */
  readonly folder: string;
  readonly bridges: readonly (BridgeSpec & {
    readonly name: IfName;
    /** The bridge's own device, which comes and goes with it. */
    readonly device?: { readonly state: LinkState; readonly addrs?: readonly AddrSpec[] };
  })[];
}

/** The loopback device is always there; only its state can be wished. */
export interface LoopbackWish {
  readonly state: Pick<LinkState, "up">;
  readonly addrs?: readonly AddrSpec[];
}

/** A namespace that is wholly ours, unless it is shared: what is in it and not wished is removed. */
export interface NetnsWish {
  readonly name: NetnsName;
  /** Others work in it too, as CNI plugins do: what does not carry our tag, or stands on what does not, is left to them. */
  readonly shared?: boolean;
  /** Host name of its UTS twin; absent is its own name. */
  readonly hostname?: string;
  /** e.g. `net.ipv4.ip_forward` → `1`. Written before any link is made. */
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly loopback?: LoopbackWish;
  readonly links: readonly LinkWish[];
  readonly routes?: readonly RouteSpec[];
  readonly rules?: readonly RuleSpec[];
  readonly neighs?: readonly NeighSpec[];
  readonly fdb?: readonly FdbSpec[];
  /** What its owner has in shared tables of nf_tables. Tables of which nothing is wished are looked at only if they are named. */
  readonly nft?: readonly NftWish[];
  readonly ovs?: SwitchWish;
}

/** An owner's rules in a shared table; without `own` it shall have none there. */
export interface NftWish {
  readonly table: SharedTable;
  readonly owner: string;
  readonly own?: Owned;
}

/** All that one owner wants of one kernel. Setting the same wish twice does nothing the second time. */
export interface Wish {
  /** The tag every object carries, e.g. `netloom:mylab`. */
  readonly owner: string;
  readonly namespaces: readonly NetnsWish[];
}
