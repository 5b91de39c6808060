import { childSpecOf } from "../topology.ts";
import { uplinkOn } from "./peers.ts";
import { emptyPart } from "./port.ts";
import type { NetworkJoin } from "./port.ts";

/**
 * One segment: the node's interface on the LAN is a port of the switch that its pods are on. Nothing is left to do where pods
 * stand on that interface themselves.
 */
export const l2: NetworkJoin<"l2"> = {
  kind: "l2",
  onLink: "template",
  overhead: () => undefined,
  needs: () => [],
  refuses: () => undefined,
  plan:
    ({ driver }, join) =>
    (node) =>
      childSpecOf(driver) === undefined ? { ...emptyPart, bridged: uplinkOn(node, join.lan) } : emptyPart,
};
