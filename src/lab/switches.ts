import { join } from "node:path";
import type { NetnsName, OpOf, Wish } from "../change/index.ts";
import type { SwitchAt } from "../kernel/index.ts";
import { holdersOf } from "../netns/index.ts";
import { folderOf } from "../ovsdb/index.ts";
import { listDir } from "../sys/index.ts";
import { placesOf } from "./places.ts";

/** The folder of a lab's switches. */
const rootOf = (lab: string): string => join(placesOf(lab).folder, "ovs");

/** Where the Open vSwitch of a node has its database, sockets, pid files and logs: in the lab's folder. */
export function switchFolders(lab: string): (netns: NetnsName) => string {
  const root = rootOf(lab);
  return (netns) => join(root, netns);
}

/** The namespaces of a lab in which a switch was started. */
const startedIn = (lab: string): readonly NetnsName[] => listDir(rootOf(lab));

/** Where to look for switches: where one is wished, or was started. */
export function switchesOf(wish: Wish): (netns: NetnsName) => SwitchAt | undefined {
  const lab = labNameOf(wish.owner);
  const folderIn = switchFolders(lab);
  const names = new Set([
    ...wish.namespaces.flatMap(({ name, ovs }) => (ovs === undefined ? [] : [name])),
    ...startedIn(lab),
  ]);
  return (netns) => (names.has(netns) ? { folder: folderIn(netns), owner: wish.owner } : undefined);
}

/** Ends the switches of a lab whose namespaces go. */
export function stopOps(owner: string, names: readonly NetnsName[]): OpOf<"ovs.stop">[] {
  const lab = labNameOf(owner);
  const folderIn = switchFolders(lab);
  const wanted = new Set(names);
  return startedIn(lab)
    .filter((netns) => wanted.has(netns))
    .map((netns) => ({ do: "ovs.stop", netns, folder: folderIn(netns) }));
}

/** The same where nobody remembers the lab: its switches are known by the processes in its namespaces. */
export function strayStopOps(names: readonly NetnsName[]): OpOf<"ovs.stop">[] {
  const found = new Map<string, NetnsName>();
  for (const { netns, pid } of holdersOf(names)) {
    const folder = folderOf(pid);
    if (folder?.endsWith(`/ovs/${netns}`) === true) found.set(folder, netns);
  }
  return [...found].map(([folder, netns]) => ({ do: "ovs.stop", netns, folder }));
}

const labNameOf = (owner: string): string => owner.slice(owner.indexOf(":") + 1);
