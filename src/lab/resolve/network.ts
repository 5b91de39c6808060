import { ownerTag } from "../../change/index.ts";
import { CniError } from "../../cni/index.ts";
import { parseList } from "../../cni/runtime/index.ts";
import type { Family } from "../../values/index.ts";
import { joins } from "../join/index.ts";
import type { LanSpec, PodNetwork, Uplink } from "../topology.ts";
import { waysOf } from "../underlay/index.ts";
import type { Issues } from "./_issues.ts";
import { addressPlan, checkAddresses, checkApart } from "./addresses.ts";
import { checkDriver, checkPlace, driverSpecOf } from "./driver.ts";
import { hostsOf } from "./hosts.ts";
import { joinKindOf, joinLanOf, joinOf, mtusOf, withEnds } from "./join.ts";
import type { Lan } from "./lans.ts";
import type { NetworkMembers, NodeMember } from "./members.ts";
import type { NetworkEntry } from "./networks.ts";
import { nodesOf } from "./nodes.ts";
import { checkVlans } from "./vlans.ts";

/** What the networks of a lab have in common. */
export interface LabParts {
  readonly name: string;
  readonly lans: readonly Lan[];
  readonly lanSpecs: readonly LanSpec[];
  /** Per node name. */
  readonly uplinks: ReadonlyMap<string, readonly Uplink[]>;
}

/** A network worked out. */
export function networkOf(lab: LabParts, { entry, members }: NetworkMembers, issues: Issues): PodNetwork {
  const { name: labName, lans, lanSpecs, uplinks } = lab;
  const { path, masquerade } = entry;
  const kind = joinKindOf(entry, members.length);
  const { onLink } = joins[kind];
  const hosts = hostsOf(entry, members, issues);
  const plan = addressPlan(entry, onLink, hosts, checkAddresses(entry, hosts, members, issues));
  if (plan.fits) checkApart(entry, onLink, members, lans, issues);
  const driver = driverSpecOf(entry.driver, joinLanOf(entry, kind, members, lans));
  const isPlaced = checkPlace(driver, members, lans, path, issues);
  const join = isPlaced ? joinOf(entry, kind, members, lans, plan.families, issues) : undefined;
  if (join !== undefined) checkDriver({ driver, join, members, path }, issues);
  if (join !== undefined) checkVlans(entry, join, members, issues);
  if (join?.kind === "routes" && join.lan === undefined) checkWays(lab, entry, members, plan.families, issues);
  const nodes = nodesOf(labName, entry, driver, members, uplinks, plan);
  return {
    name: entry.name,
    lab: labName,
    owner: ownerTag(labName),
    nodes,
    lans: lanSpecs,
    driver,
    ...cniOf(entry, issues),
    masquerade,
    // A node of a lab that cannot be may lack the interface that its end is on.
    join: issues.any ? (join ?? { kind: "none" }) : withEnds(labName, join ?? { kind: "none" }, nodes),
    mtu: mtusOf(join ?? { kind: "none" }, lans, plan.families, issues),
  };
}

/** Whether every node of a network can be reached from its first one, and so from each other. */
function checkWays(
  { uplinks, lans }: LabParts,
  { path }: NetworkEntry,
  [first, ...others]: readonly NodeMember[],
  families: readonly Family[],
  issues: Issues,
): void {
  if (first === undefined) return;
  const all = [...uplinks].map(([name, own]) => ({ name, uplinks: own }));
  const ways = waysOf(all, lans);
  for (const family of families) {
    const lost = others.find(({ name }) => ways.toNode(first.name, name, family) === undefined);
    if (lost === undefined) continue;
    issues.addAtFirst(
      [[...path, "join"], path],
      `no way leads from node ${first.name} to node ${lost.name} for IPv${family}: they have no LAN in common, and no other node leads there`,
      "put a node on LANs of both, give these addresses of that family, or join by none",
    );
    return;
  }
}

/** The network of the plugins; its file was read when the lab's was. What is inside is CNI's to check. */
function cniOf({ driver, cni, path: at }: NetworkEntry, issues: Issues): Pick<PodNetwork, "cni"> {
  if (driver.kind !== "cni" || typeof cni?.conflist !== "object") return {};
  const { conflist, path = [] } = cni;
  try {
    parseList(JSON.stringify(conflist));
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
    issues.add([...at, "cni", "conflist"], error.message, error.details);
  }
  return { cni: { conflist, path: typeof path === "string" ? [path] : path } };
}
