import { type Family, familyOf } from "../../values/index.ts";
import { childSpecOf, isOnSegment } from "../topology.ts";
import type { NetworkNode, PodNetwork } from "../topology.ts";
import type { Issues } from "./_issues.ts";
import { describeChild } from "./driver.ts";
import type { Entered } from "./externals.ts";

/** Whether a network that masquerades has pods that leave by their node, and a LAN where it has an address to leave with. */
export function checkMasquerade({ entry, network }: Entered, issues: Issues): void {
  if (!network.masquerade) return;
  const idle = whyIdle(network);
  if (idle !== undefined) issues.add([...entry.path, "masquerade"], ...idle);
}

/** Why it does nothing, and what to do; nothing where it does. */
function whyIdle({ driver, nodes, lans }: PodNetwork): readonly [message: string, hint: string] | undefined {
  const child = childSpecOf(driver);
  if (child !== undefined && isOnSegment(child)) {
    return [
      `the pods are on LAN ${child.lan} themselves (${describeChild(child)}): what they send does not pass their node`,
      "leave it out, or take a driver with which nodes route: bridge, or ipvlan in mode l3 or l3s",
    ];
  }
  if (lans.length === 0) {
    return [
      "the lab has no LAN, so nothing of its pods leaves a node",
      "give the lab an underlay, which may be {}, or leave masquerade out",
    ];
  }
  if (driver.kind !== "cni" && nodes.every(({ gateways }) => gateways.length === 0)) {
    return [
      "the pods have no gateway, so they send nothing over a LAN",
      "give addresses a gatewayHost, or leave masquerade out",
    ];
  }
  if (nodes.some((node) => ([4, 6] as const).some((family) => canLeave(node, family)))) return undefined;
  return [
    "no node of the network has an address on a LAN of a family that its pods have, so there is none to leave with",
    "give a LAN that they are on a prefix of that family, or leave masquerade out",
  ];
}

function canLeave({ podNets, uplinks }: NetworkNode, family: Family): boolean {
  return [podNets, uplinks.flatMap(({ addrs }) => addrs)].every((some) => some.some((one) => familyOf(one) === family));
}
