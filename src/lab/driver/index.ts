import type { DriverSpec } from "../topology.ts";
import { bridge } from "./bridge.ts";
import { cni } from "./cni.ts";
import { ipvlan } from "./ipvlan.ts";
import { macvlan } from "./macvlan.ts";
import { ovs } from "./ovs.ts";
import type { NetworkDriver } from "./port.ts";

export { bridgeLink, maxBridgePorts } from "./bridge.ts";
export { everything } from "./cable.ts";
export { senders } from "./checksums.ts";
export { type JoinRule, joinRuleOf } from "./joining.ts";
export type { NetworkDriver, PodEnd, Reach } from "./port.ts";
export { takesCopies } from "./ovs.ts";
export { planImpairments, qdiscOf } from "./qdisc.ts";
export { silent, speaking } from "./silent.ts";

/** What a network's pods are attached by: a new kind does not compile until it is here. */
export function driverOf(spec: DriverSpec): NetworkDriver {
  switch (spec.kind) {
    case "bridge":
      return bridge;
    case "cni":
      return cni;
    case "ipvlan":
      return ipvlan(spec);
    case "macvlan":
      return macvlan(spec);
    case "ovs":
      return ovs(spec);
    default:
      return spec satisfies never;
  }
}
