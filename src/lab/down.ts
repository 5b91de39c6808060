import type { NetnsName, Op } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";
import { deleteNetns, pinState } from "../netns/index.ts";
import { beginJournal } from "./journal.ts";
import type { LabPlaces } from "./places.ts";
import { removeState } from "./state.ts";

/** Ops that delete those of the namespaces that are there and carry the owner's tag: nothing else, whatever its name. */
export function deleteOps(kernel: Kernel, owner: string, names: readonly NetnsName[]): Op[] {
  const owners = kernel.owners(names);
  return names.filter((name) => owners.get(name) === owner).map((netns) => ({ do: "netns.delete", netns }));
}

/** What `down` did. */
export interface DownReport {
  readonly deleted: readonly NetnsName[];
  /** Names of the lab that others have by now, left untouched. */
  readonly foreign: readonly NetnsName[];
}

/**
 * Removes every namespace of a lab, also of one that is half made, and waits until their links are gone. `names` is what was
 * written down; namespaces with the lab's tag and another name are found too.
 * @throws {OpError}, {SysError}: the state stays, so the same command goes on
 */
export async function takeDown(
  kernel: Kernel,
  owner: string,
  names: readonly NetnsName[],
  places: LabPlaces,
): Promise<DownReport> {
  const owners = kernel.owners(names);
  const ops = deleteOps(kernel, owner, names);
  beginJournal(places, ops);
  kernel.run(ops);
  for (const name of names) if (pinState(name) === "hollow") deleteNetns(name);
  await kernel.settle();
  removeState(places);
  return {
    deleted: ops.map(({ netns }) => netns),
    foreign: names.filter((name) => owners.has(name) && owners.get(name) !== owner),
  };
}
