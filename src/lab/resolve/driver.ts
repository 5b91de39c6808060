import { joinRuleOf } from "../driver/index.ts";
import type { JoinKind, LabSpec, Path } from "../file/index.ts";
import { childSpecOf } from "../topology.ts";
import type { ChildSpec, DriverSpec, JoinSpec, PodNetwork } from "../topology.ts";
import type { Issues } from "./_issues.ts";
import type { Entered } from "./externals.ts";
import { type Lan, isOnLan, lanHint } from "./lans.ts";
import type { NodeMember } from "./members.ts";

type Written = LabSpec["network"]["driver"];

/** Whether pods stand on a LAN, so that there has to be one also for a single node. */
export function needsLan(driver: Written): boolean {
  return driver.kind === "ipvlan" || driver.kind === "macvlan";
}

/** How nodes are joined where the file does not say it: as the driver asks for, else `vxlan` if there is more than one. */
export function usualJoin(driver: Written, nodeCount: number): JoinKind {
  return joinRuleOf(driver)?.kinds[0] ?? (nodeCount > 1 ? "vxlan" : "none");
}

/** The driver, with the LAN that it stands on if it does. @param usual - where the file names none */
export function driverSpecOf(driver: Written, usual: Lan | undefined): DriverSpec {
  if (driver.kind === "bridge" || driver.kind === "cni") return driver;
  if (driver.kind === "ovs") {
    const { kind, datapath } = driver;
    return datapath === undefined ? { kind } : { kind, datapath };
  }
  return { ...driver, lan: driver.lan ?? usual?.name ?? "" };
}

/** What a network is, and where the file speaks of it. */
export interface Driven {
  readonly driver: DriverSpec;
  readonly join: JoinSpec;
  readonly members: readonly NodeMember[];
  readonly path: Path;
}

/** Whether the LAN that pods stand on is there, and all their nodes on it. */
export function checkPlace(
  driver: DriverSpec,
  members: readonly NodeMember[],
  lans: readonly Lan[],
  path: Path,
  issues: Issues,
): boolean {
  const child = childSpecOf(driver);
  if (child === undefined) return true;
  const at = [...path, "driver", "lan"];
  const lan = lans.find(({ name }) => name === child.lan);
  if (lan === undefined) {
    const names = lans.map(({ name }) => name);
    issues.add(at, `there is no LAN "${child.lan}"`, lanHint(child.lan, names));
    return false;
  }
  const outside = members.find((member) => !isOnLan(member, lan));
  if (outside === undefined) return true;
  issues.addAtFirst(
    [at, [...path, "driver"]],
    `the pods stand on LAN ${lan.name} (${describeChild(child)}), and node ${outside.name} is not on it`,
    `add ${lan.name} to its lans, or name another LAN`,
  );
  return false;
}

/** Whether what the file says besides goes with a driver whose pods stand on a LAN. */
export function checkDriver({ driver, join, members, path }: Driven, issues: Issues): void {
  const child = childSpecOf(driver);
  if (child === undefined) return;
  const rule = joinRuleOf(child);
  const what = describeChild(child);
  if (rule !== undefined && !rule.kinds.includes(join.kind)) {
    const others = rule.kinds.map((kind) => `join: ${kind}`).join(" or ");
    issues.add([...path, "join"], `join "${join.kind}" cannot be had with ${what}: ${rule.because}`, `write ${others}`);
  } else if (join.kind !== "none" && join.lan !== child.lan) {
    issues.addAtFirst(
      [
        [...path, "join", "lan"],
        [...path, "driver", "lan"],
      ],
      `the pods stand on LAN ${child.lan} (${what}), so the nodes cannot be joined over LAN ${join.lan}`,
      "name the same LAN in both",
    );
  }
  if (takesAll(child)) checkAlone(members, [...path, "driver"], issues);
}

/** Whether pods have the interface that they stand on for themselves: then their node hears nothing by it. */
export function takesAll(driver: Written | DriverSpec): boolean {
  return driver.kind === "macvlan" && driver.mode === "passthru";
}

/** Whether only one network's pods stand on each interface: its mode is the interface's, and the node is there once. */
export function checkClaims(networks: readonly Entered[], issues: Issues): void {
  networks.forEach(({ entry, network }, at) => {
    const child = childSpecOf(network.driver);
    if (child === undefined) return checkHeard({ entry, network }, networks, issues);
    const rival = networks.slice(0, at).find((other) => {
      const theirs = childSpecOf(other.network.driver);
      return theirs?.kind === child.kind && theirs.lan === child.lan && meet(other, network);
    });
    if (rival === undefined) return;
    issues.add(
      [...entry.path, "driver"],
      `the pods of network ${rival.network.name} stand on the nodes' interface on LAN ${child.lan}, so those of network ${network.name} cannot`,
      "give each a LAN of its own (several can share a cable as VLANs)",
    );
  });
}

/** Whether the nodes hear each other on the LAN they are joined over. */
function checkHeard({ entry, network }: Entered, networks: readonly Entered[], issues: Issues): void {
  const { join } = network;
  if (join.kind === "none" || join.kind === "l2") return;
  const rival = networks.find((other) => {
    const { driver } = other.network;
    return takesAll(driver) && childSpecOf(driver)?.lan === join.lan && meet(other, network);
  });
  if (rival === undefined) return;
  issues.addAtFirst(
    [[...entry.path, "join"], entry.path],
    `the nodes of network ${network.name} are joined by ${join.kind} over LAN ${join.lan}, where pods of network ${rival.network.name} have the nodes' interface for themselves (macvlan in mode passthru)`,
    "join them over another LAN, or take mode bridge, private or vepa",
  );
}

function meet({ network }: Entered, { nodes }: PodNetwork): boolean {
  return network.nodes.some(({ name }) => nodes.some((node) => node.name === name));
}

/** In passthru an interface has one child. */
function checkAlone(members: readonly NodeMember[], path: Path, issues: Issues): void {
  const crowded = members.find(({ pods }) => pods.length > 1);
  if (crowded === undefined) return;
  issues.addAtFirst(
    [crowded.pods[1]?.path ?? crowded.path, path],
    `node ${crowded.name} has ${crowded.pods.length} pods, and macvlan in mode passthru gives the whole interface to one`,
    "one pod on each node, or mode bridge, private or vepa",
  );
}

export function describeChild({ kind, mode }: ChildSpec): string {
  return `driver ${kind}, mode ${mode}`;
}
