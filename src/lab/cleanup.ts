import type { NetnsName } from "../change/index.ts";
import { RealKernel } from "../kernel/index.ts";
import { deleteOps } from "./down.ts";
import { LabLock } from "./lock.ts";
import { makePlaces, placesOf } from "./places.ts";
import { readState, removeState } from "./state.ts";
import { strayStopOps } from "./switches.ts";

/** A namespace that carries the tag of a lab nobody remembers. */
export interface Leftover {
  readonly netns: NetnsName;
  readonly lab: string;
}

const tag = "netloom:";

/** Namespaces tagged as a lab's without any state of that lab. Files without a namespace are not known to be ours, so they stay. */
export function findLeftovers(): Leftover[] {
  using kernel = new RealKernel();
  return [...kernel.owners(kernel.namespaces())].flatMap(([netns, owner]) => {
    if (owner?.startsWith(tag) !== true) return [];
    const lab = owner.slice(tag.length);
    return readState(placesOf(lab)) === undefined ? [{ netns, lab }] : [];
  });
}

/** Deletes leftovers that still are some, each lab under its lock. @throws {LabError} `locked`; {OpError} */
export async function removeLeftovers(leftovers: readonly Leftover[]): Promise<NetnsName[]> {
  using kernel = new RealKernel();
  const gone: NetnsName[] = [];
  for (const [lab, own] of Map.groupBy(leftovers, ({ lab: name }) => name)) {
    const places = placesOf(lab);
    makePlaces(places);
    using _lock = await LabLock.take(lab, places.lock);
    if (readState(places) !== undefined) continue;
    const ops = deleteOps(
      kernel,
      `${tag}${lab}`,
      own.map(({ netns }) => netns),
    );
    kernel.run(strayStopOps(ops.map(({ netns }) => netns)));
    kernel.run(ops);
    gone.push(...ops.map(({ netns }) => netns));
    removeState(places);
  }
  await kernel.settle();
  return gone;
}
