import { ownerTag } from "../../change/index.ts";
import type { LabFile } from "../file/index.ts";
import { podsOn } from "../topology.ts";
import type { LanSpec, NodeSpec, Topology } from "../topology.ts";
import { Issues } from "./_issues.ts";
import { checkDevices } from "./devices.ts";
import { checkClaims, needsLan } from "./driver.ts";
import { externalsOf } from "./externals.ts";
import { impairmentsOf } from "./impairments.ts";
import { joinKindOf } from "./join.ts";
import { lansOf } from "./lans.ts";
import { checkMasquerade } from "./masquerade.ts";
import { membersOf } from "./members.ts";
import { networkOf } from "./network.ts";
import { networksOf } from "./networks.ts";
import { checkOverlaps } from "./overlaps.ts";
import { checkSegments } from "./segments.ts";
import { checkUdpPorts } from "./udp-ports.ts";
import { uplinksOf, withPorts } from "./uplinks.ts";
import { checkWritten } from "./written.ts";

export { matcher } from "./pattern.ts";
export { warningsOf } from "./warnings.ts";

/** Works a lab out: names, addresses, MTUs. Throws `LabFileError` `lab` with everything that keeps it from being one. */
export function resolve(lab: LabFile): Topology {
  const issues = new Issues(lab);
  const { name, expect } = lab.spec;
  const entries = networksOf(lab, issues);
  const found = membersOf(lab, entries, issues);
  const needsOne = found.networks.some(
    ({ entry, members }) => joinKindOf(entry, members.length) !== "none" || needsLan(entry.driver),
  );
  const lans = lansOf(lab, needsOne || lab.spec.externals.length > 0, found.nodes, issues);
  checkWritten(found.nodes, lans, issues);
  // Names that are taken twice are taken twice everywhere.
  const named = !issues.any;
  const uplinks = withPorts(uplinksOf(name, found.nodes, lans, issues), found.networks, lans, issues);
  const lanSpecs = lans.map(({ hosts: _hosts, path: _path, mtuPath: _mtuPath, ...lan }): LanSpec => lan);
  const parts = { name, lans, lanSpecs, uplinks };
  const entered = found.networks.map((each) => ({ ...each, network: networkOf(parts, each, issues) }));
  const networks = entered.map(({ network }) => network);
  const nodes = found.nodes.map(({ name: node, number }): NodeSpec => ({
    name: node,
    netns: `${name}-${node}`,
    number,
    uplinks: uplinks.get(node) ?? [],
    pods: podsOn(networks, node),
  }));
  const fabric = `${name}-fabric`;
  const externals = externalsOf(lab, entered, nodes, lans, issues);
  const topology: Topology = {
    name,
    owner: ownerTag(name),
    nodes,
    lans: lanSpecs,
    fabric,
    externals,
    networks,
    impairments: impairmentsOf(lab, { nodes, externals, networks, fabric }, issues),
    expectations: expect,
  };
  if (named) {
    checkDevices(topology, found, lans, issues);
    checkClaims(entered, issues);
    for (const each of entered) checkMasquerade(each, issues);
    checkOverlaps(entered, nodes, issues);
    checkUdpPorts(entered, issues);
    if (!issues.any) checkSegments(nodes, entered, externals, issues);
  }
  issues.settle();
  return topology;
}
