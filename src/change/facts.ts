import type { IfName, Ip, Mac } from "../values/index.ts";
import type { BridgeFact } from "../ovsdb/switch.ts";
import type { BridgePortGet, LinkDataGet, LinkKind } from "../rtnl/index.ts";
import type { AddrSpec, FdbSpec, LinkState, NeighSpec, NetnsName, QdiscSpec, RouteSpec, RuleSpec } from "./net.ts";

/** A link as the kernel reports it. */
export interface LinkFact extends Omit<LinkState, "port" | "master"> {
  readonly name: IfName;
  /** Absent for devices that are no virtual kind (loopback, hardware). */
  readonly kind?: LinkKind | (string & {});
  /** Attributes of the kind, as decoded by rtnl's table for it. */
  readonly data?: LinkDataGet<LinkKind>;
  /** The device below, where it is in this namespace. */
  readonly lower?: IfName;
  /** Number of the device below, where it is in another namespace. */
  readonly lowerIndex?: number;
  readonly master?: IfName;
  readonly port?: BridgePortGet;
  readonly up: boolean;
  /** Both ends up, cable in. */
  readonly carrier: boolean;
  readonly operState: string;
  /** Bytes. */
  readonly mtu: number;
  /** The kernel's number, valid in this namespace and at this moment: for matching veth ends and for display. */
  readonly index: number;
  /** Interface number of the other end of a veth, in the other end's namespace. */
  readonly peerIndex?: number;
  readonly addrs: readonly AddrFact[];
  /** Told where it was asked for. */
  readonly txChecksum?: boolean;
  readonly qdisc?: QdiscSpec | { readonly kind: "other"; readonly name: string };
}

/** What packets of a link meet besides the link. */
export interface QueueFacts {
  /** At its root; absent where the kernel tells none. */
  readonly root?: NonNullable<LinkFact["qdisc"]>;
  /** Where all that comes in is sent out of instead. */
  readonly redirect?: IfName;
}

export interface AddrFact extends AddrSpec {
  readonly scope: "global" | "link" | "host" | "site";
  /** Made by the kernel (link-local, loopback), not by a person or program. */
  readonly fromKernel: boolean;
  readonly tentative?: boolean;
  readonly dadFailed?: boolean;
}

export interface RouteFact extends RouteSpec {
  /** `kernel` routes follow from addresses and are never touched; `boot` and `static` are ours to compare. */
  readonly protocol: string;
}

export interface NeighFact {
  readonly dev: IfName;
  readonly ip: Ip;
  readonly mac?: Mac;
  /** `permanent`, `reachable`, `stale`, `failed` … */
  readonly state: string;
}

/** What is in one namespace now. */
export interface NetnsFacts {
  readonly name: NetnsName;
  /** The tag on its loopback device, when it has one. */
  readonly owner?: string;
  readonly hostname?: string;
  /** Values of the keys that were asked for. */
  readonly sysctls: Readonly<Record<string, string>>;
  readonly links: readonly LinkFact[];
  readonly routes: readonly RouteFact[];
  readonly rules: readonly RuleSpec[];
  readonly neighs: readonly NeighFact[];
  readonly fdb: readonly FdbSpec[];
  /** Told where it was asked for. */
  readonly ovs?: SwitchFacts;
}

/** A switch that was started in a namespace. */
export interface SwitchFacts {
  readonly folder: string;
  /** The owner's, while both daemons run. */
  readonly bridges?: readonly BridgeFact[];
}

/** Namespaces by name; one that does not exist is absent. */
export type Facts = ReadonlyMap<NetnsName, NetnsFacts>;

/** The permanent neighbours among the facts: those that somebody put there. */
export function permanentNeighs(facts: NetnsFacts): readonly NeighSpec[] {
  return facts.neighs.flatMap(({ dev, ip, mac, state }) =>
    state === "permanent" && mac !== undefined ? [{ dev, ip, mac }] : [],
  );
}
