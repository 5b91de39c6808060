import type { IpvlanSpec } from "../topology.ts";
import { childDriver } from "./child.ts";
import type { NetworkDriver } from "./port.ts";

/**
 * Children that share the MAC address of their node's interface (Documentation/networking/ipvlan.rst). Mode and flag are
 * the whole interface's, so the node's own child has them too.
 */
export function ipvlan(spec: IpvlanSpec): NetworkDriver {
  const link = { kind: "ipvlan", data: { mode: spec.mode, flags: spec.flag } } as const;
  const together = spec.flag === "bridge";
  return childDriver(spec, {
    // Between children it is the flag that counts; what comes in from the LAN is taken with each of them.
    reach: { siblings: together, ownPods: together, othersPods: true },
    ofNode: () => link,
    ofPod: () => link,
  });
}
