import { stableMac } from "../../values/index.ts";
import type { MacvlanSpec } from "../topology.ts";
import { childDriver } from "./child.ts";
import type { NetworkDriver } from "./port.ts";

/** Children with MAC addresses of their own. With passthru the only child has the interface's, and all it receives. */
export function macvlan(spec: MacvlanSpec): NetworkDriver {
  const link = { kind: "macvlan", data: { mode: spec.mode } } as const;
  if (spec.mode === "passthru") {
    return childDriver(spec, {
      // The node sends by an interface that receives for the pod.
      reach: { siblings: true, ownPods: false, othersPods: false },
      ofPod: () => link,
    });
  }
  const together = spec.mode === "bridge";
  return childDriver(spec, {
    reach: { siblings: together, ownPods: together, othersPods: true },
    ofNode: ({ lab }, node) => ({ ...link, mac: stableMac(`${lab}/${node.name}/${node.bridge}`) }),
    ofPod: ({ mac }) => ({ ...link, mac }),
  });
}
