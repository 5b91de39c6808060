import { ownerTag } from "../../change/index.ts";
import { CniError } from "../../cni/index.ts";
import { parseList } from "../../cni/runtime/index.ts";
import type { LabFile } from "../file/index.ts";
import { joins } from "../join/index.ts";
import { podsOn } from "../topology.ts";
import type { NodeSpec, PodNetwork, Topology } from "../topology.ts";
import { Issues } from "./_issues.ts";
import { addressPlan, checkAddresses, checkApart } from "./addresses.ts";
import { checkDevices } from "./devices.ts";
import { checkDriver, driverSpecOf, needsLan } from "./driver.ts";
import { impairmentsOf } from "./impairments.ts";
import { joinKindOf, joinOf, mtusOf, withEnds } from "./join.ts";
import { lansOf } from "./lans.ts";
import { membersOf } from "./members.ts";
import { nodesOf } from "./nodes.ts";

export { matcher } from "./pattern.ts";
export { warningsOf } from "./warnings.ts";

/** Works a lab out: names, addresses, MTUs. Throws `LabFileError` `lab` with everything that keeps it from being one. */
export function resolve(lab: LabFile): Topology {
  const issues = new Issues(lab);
  const { name, network, expect } = lab.spec;
  const members = membersOf(lab, issues);
  const kind = joinKindOf(lab, members.length);
  const { onLink } = joins[kind];
  const lans = lansOf(lab, kind !== "none" || needsLan(network.driver), members, issues);
  // Names that are taken twice are taken twice everywhere.
  const named = !issues.any;
  const plan = addressPlan(lab, onLink, checkAddresses(lab, members, issues));
  if (plan.fits) checkApart(lab, onLink, members, lans, issues);
  const path = ["network"];
  const driver = driverSpecOf(network.driver, lans, path, issues);
  const join = joinOf(lab, kind, lans, plan.families, issues);
  if (join !== undefined) checkDriver({ driver, join, masquerade: network.masquerade, members, path }, issues);
  const fabric = `${name}-fabric`;
  const owner = ownerTag(name);
  const networkNodes = nodesOf(lab, driver, members, lans, plan);
  const lanSpecs = lans.map(({ name: lan, bridge, mtu, prefixes }) => ({ name: lan, bridge, mtu, prefixes }));
  const networks: readonly PodNetwork[] = [
    {
      name: "pods",
      lab: name,
      owner,
      nodes: networkNodes,
      lans: lanSpecs,
      driver,
      ...cniOf(lab, issues),
      masquerade: network.masquerade,
      join: withEnds(lab, join ?? { kind: "none" }, networkNodes),
      mtu: mtusOf(join ?? { kind: "none" }, lans, plan.families, issues),
    },
  ];
  const nodes = networkNodes.map(({ name: node, netns, number, uplinks }): NodeSpec => ({
    name: node,
    netns,
    number,
    uplinks,
    pods: podsOn(networks, node),
  }));
  const topology: Topology = {
    name,
    owner,
    nodes,
    lans: lanSpecs,
    fabric,
    networks,
    impairments: impairmentsOf(lab, nodes, fabric, issues),
    expectations: expect,
  };
  if (named) checkDevices(topology, members, lans, issues);
  issues.settle();
  return topology;
}

/** The network of the plugins; its file was read when the lab's was. What is inside is CNI's to check. */
function cniOf({ spec: { network } }: LabFile, issues: Issues): Pick<PodNetwork, "cni"> {
  if (network.driver.kind !== "cni" || typeof network.cni?.conflist !== "object") return {};
  const { conflist, path = [] } = network.cni;
  try {
    parseList(JSON.stringify(conflist));
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
    issues.add(["network", "cni", "conflist"], error.message, error.details);
  }
  return { cni: { conflist, path: typeof path === "string" ? [path] : path } };
}
