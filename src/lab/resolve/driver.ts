import { joinRuleOf } from "../driver/index.ts";
import { nearest } from "../file/index.ts";
import type { JoinKind, LabSpec, Path } from "../file/index.ts";
import { childSpecOf, isOnSegment } from "../topology.ts";
import type { ChildSpec, DriverSpec, JoinSpec } from "../topology.ts";
import type { Issues } from "./_issues.ts";
import type { Lan } from "./lans.ts";
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

/** The driver, on a LAN that is there. @param path - of the network in the file */
export function driverSpecOf(driver: Written, lans: readonly Lan[], path: Path, issues: Issues): DriverSpec {
  if (driver.kind === "bridge" || driver.kind === "cni") return driver;
  const { lan: wanted = lans[0]?.name ?? "" } = driver;
  if (!lans.some(({ name }) => name === wanted)) {
    const names = lans.map(({ name }) => name);
    const guess = nearest(wanted, names);
    issues.add(
      [...path, "driver", "lan"],
      `there is no LAN "${wanted}"`,
      guess === undefined ? `the LANs are ${names.join(", ")}` : `did you mean "${guess}"?`,
    );
  }
  return { ...driver, lan: wanted };
}

/** What a network is, and where the file speaks of it. */
export interface Driven {
  readonly driver: DriverSpec;
  readonly join: JoinSpec;
  readonly masquerade: boolean;
  readonly members: readonly NodeMember[];
  readonly path: Path;
}

/** Whether what the file says besides goes with a driver whose pods stand on a LAN. */
export function checkDriver({ driver, join, masquerade, members, path }: Driven, issues: Issues): void {
  const child = childSpecOf(driver);
  if (child === undefined) return;
  const rule = joinRuleOf(child);
  const what = describe(child);
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
  if (masquerade && isOnSegment(child)) {
    issues.add(
      [...path, "masquerade"],
      `the pods are on LAN ${child.lan} themselves (${what}): what they send does not pass their node`,
      "leave it out, or take a driver with which nodes route: bridge, or ipvlan in mode l3 or l3s",
    );
  }
  if (child.kind === "macvlan" && child.mode === "passthru") checkAlone(members, issues);
}

/** In passthru an interface has one child. */
function checkAlone(members: readonly NodeMember[], issues: Issues): void {
  const crowded = members.find(({ pods }) => pods.length > 1);
  if (crowded === undefined) return;
  issues.add(
    crowded.pods[1]?.path ?? crowded.path,
    `node ${crowded.name} has ${crowded.pods.length} pods, and macvlan in mode passthru gives the whole interface to one`,
    "one pod on each node, or mode bridge, private or vepa",
  );
}

function describe({ kind, mode }: ChildSpec): string {
  return `driver ${kind}, mode ${mode}`;
}
