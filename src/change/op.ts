import type { Owned, SharedTable, TableRef } from "../nft/index.ts";
import type { IfName, Ip } from "../values/index.ts";
import type { FlowFilter } from "../conntrack/index.ts";
import type { BridgeSpec } from "../ovsdb/switch.ts";
import type {
  AddrSpec,
  FdbSpec,
  LinkRef,
  LinkSpec,
  LinkState,
  NeighSpec,
  NetnsName,
  PortVlanSpec,
  QdiscSpec,
  RouteSpec,
  RuleSpec,
} from "./net.ts";

interface In {
  /** Namespace in which it is done. */
  readonly netns: NetnsName;
}
/** How what another program made is known. */
export type Foreign =
  /** Rules with this comment, or one that begins so. */
  | { readonly comment: string; readonly begins?: boolean }
  /** A chain, with the rules that lead to it. */
  | { readonly chain: string }
  /** The rules in a chain that look at an address and have no comment, which would name somebody else. */
  | { readonly rulesOf: string; readonly address: Ip };

/** Whose rules, and where. */
interface NftAt {
  readonly table: SharedTable;
  readonly owner: string;
}
interface On extends In {
  readonly dev: IfName;
}

/**
 * An effect on a kernel, as data: the plugins, the pods and the lab all speak these.
 * `was` is what stood there before, and `lost` are the ops that make again what the kernel takes away along with it
 * (a link's addresses, routes and ports; routes of a link that goes down), or would take away when the op is undone:
 * together they let an op be turned round.
 */
export type Op =
  /** Makes, tags (loopback's alias = `owner`) and pins a namespace with its UTS twin; loopback comes up. */
  | (In & { readonly do: "netns.create"; readonly owner: string; readonly hostname: string })
  /** Links in it go too, and the other ends of its veths elsewhere. */
  | (In & { readonly do: "netns.delete"; readonly was?: { readonly owner: string; readonly hostname: string } })
  /** One that is `wished` for only is left as it is where /proc/sys cannot be written, as in many containers. */
  | (In & {
      readonly do: "sysctl.set";
      readonly key: string;
      readonly value: string;
      readonly was?: string;
      readonly wished?: true;
    })
  /**
   * Makes a link, or both ends of a veth, with all that their specs say; `up` comes last, and a bridge's `mtu` after its
   * making, or it would follow its ports'. `peer.up` is not obeyed:
   * the kernel refuses it in the creating message, so the other end comes up by a `link.set`.
   */
  | (In & { readonly do: "link.add"; readonly link: LinkSpec; readonly peer?: LinkSpec })
  /** Changes in place. `up: false` is done first, then `master`, `port` and the rest, `up: true` last. */
  | (In & {
      readonly do: "link.set";
      readonly name: IfName;
      readonly set: LinkState;
      readonly was: LinkState;
      readonly lost?: readonly Op[];
    })
  | (In & {
      readonly do: "link.delete";
      readonly name: IfName;
      readonly was?: LinkSpec;
      /** The other end of a veth, which goes too. */
      readonly peer?: LinkSpec;
      readonly lost?: readonly Op[];
      /** Why it cannot stay, when it is made anew. */
      readonly why?: string;
    })
  /**
   * Moves a link into another namespace, where it gets its name there in the same step. The kernel sets it down and takes its
   * addresses; `was` says whether it was up, `lost` makes again what it had.
   */
  | (In & {
      readonly do: "link.move";
      readonly name: IfName;
      readonly to: LinkRef;
      readonly was?: Pick<LinkState, "up">;
      readonly lost?: readonly Op[];
    })
  | (On & { readonly do: "vlan.add"; readonly vlan: PortVlanSpec })
  | (On & { readonly do: "vlan.delete"; readonly vlan: PortVlanSpec })
  /** `replace`: fine if it is there, for what others may add at the same moment. */
  | (On & {
      readonly do: "addr.add";
      readonly addr: AddrSpec;
      readonly replace?: boolean;
      readonly lost?: readonly Op[];
    })
  | (On & { readonly do: "addr.delete"; readonly addr: AddrSpec; readonly lost?: readonly Op[] })
  /** `prepend` puts it before routes of the same destination and metric instead of in their place (IPv6: one multipath route). */
  | (In & { readonly do: "route.put"; readonly route: RouteSpec; readonly prepend?: boolean; readonly was?: RouteSpec })
  | (In & { readonly do: "route.delete"; readonly route: RouteSpec })
  | (In & { readonly do: "rule.add"; readonly rule: RuleSpec })
  | (In & { readonly do: "rule.delete"; readonly rule: RuleSpec })
  | (In & { readonly do: "neigh.put"; readonly neigh: NeighSpec; readonly was?: NeighSpec })
  | (In & { readonly do: "neigh.delete"; readonly neigh: NeighSpec })
  /** Forgets what was learnt of who has the addresses, on all links, for others have them now. There is no way back. */
  | (In & { readonly do: "neigh.forget"; readonly ips: readonly Ip[] })
  | (In & { readonly do: "fdb.put"; readonly fdb: FdbSpec; readonly was?: FdbSpec })
  | (In & { readonly do: "fdb.delete"; readonly fdb: FdbSpec })
  /** `fresh`: refused where somebody has put a discipline; otherwise it takes that one's place. */
  | (On & { readonly do: "qdisc.put"; readonly qdisc: QdiscSpec; readonly fresh?: boolean; readonly was?: QdiscSpec })
  | (On & { readonly do: "qdisc.delete"; readonly was?: QdiscSpec })
  /** Sends all that comes in on `dev` out of `to` instead: an ingress discipline with one filter. */
  | (On & { readonly do: "redirect.add"; readonly to: IfName })
  | (On & { readonly do: "redirect.delete"; readonly to: IfName })
  /** Whether the checksums of what is sent are left to the device, and so to nobody where a program takes the frames over. */
  | (On & { readonly do: "offload.set"; readonly txChecksum: boolean; readonly was?: boolean })
  /** The daemons of a switch of the namespace run, with their files in `folder`; those that do already go on. */
  | (In & { readonly do: "ovs.start"; readonly folder: string })
  /** They have ended, and their files are gone. What they made in the namespace stays, but for what an `ovs.put` took away before. */
  | (In & { readonly do: "ovs.stop"; readonly folder: string })
  /**
   * An owner has these bridges with these ports in the switch, and no others, and the switch has done it. Only what differs is
   * changed; `again`: ports whose devices were made anew.
   */
  | (In & {
      readonly do: "ovs.put";
      readonly folder: string;
      readonly owner: string;
      readonly bridges: readonly BridgeSpec[];
      readonly again?: readonly string[];
      readonly was?: readonly BridgeSpec[];
    })
  /** Forgets the tracked flows to a port, so that their next packets meet the rules of NAT anew. There is no way back. */
  | (In & { readonly do: "flows.forget"; readonly flows: FlowFilter })
  /**
   * An owner has these rules in a shared table, in place of what it had there; the table is made if it is not there.
   * `taking`: elements of other owners with the same key are theirs no longer; otherwise they are a refusal.
   */
  | (In & NftAt & { readonly do: "nft.put"; readonly own: Owned; readonly taking?: boolean; readonly was?: Owned })
  /** An owner has nothing in a shared table any more; the table goes with its last owner. Fine if there is nothing. */
  | (In & NftAt & { readonly do: "nft.delete"; readonly was?: Owned })
  /**
   * What another program made for an attachment goes, in a table that is not ours. Fine if there is nothing. There is no way back.
   */
  | (In & {
      readonly do: "nft.clear";
      readonly table: TableRef;
      readonly what: Foreign;
    });

export type OpOf<D extends Op["do"]> = Extract<Op, { readonly do: D }>;
