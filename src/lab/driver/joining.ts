import type { IpvlanSpec, JoinSpec, MacvlanSpec } from "../topology.ts";
import { isOnSegment } from "../topology.ts";

type JoinKind = JoinSpec["kind"];

/** Ways to join nodes that a driver can be used with. */
export interface JoinRule {
  /** The usual one first. */
  readonly kinds: readonly [JoinKind, ...JoinKind[]];
  /** Why no other, for people. */
  readonly because: string;
}

/** The driver as a lab file says it, where its LAN may be left out. */
type Written = { readonly kind: "bridge" | "cni" | "ovs" } | Omit<IpvlanSpec, "lan"> | Omit<MacvlanSpec, "lan">;

/** What the driver asks of the way the nodes are joined; nothing if it asks for none. */
export function joinRuleOf(driver: Written): JoinRule | undefined {
  if (driver.kind === "bridge" || driver.kind === "cni" || driver.kind === "ovs") return undefined;
  if (isOnSegment(driver)) return { kinds: ["l2"], because: "all its pods are on one LAN, which joins them" };
  return { kinds: ["routes", "none"], because: "its pods send by the LAN's interface only, never by a tunnel" };
}
