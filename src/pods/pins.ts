import type { Kernel } from "../kernel/index.ts";
import { deleteNetns, isNamespace, netnsPath, pinState, utsnsPath } from "../netns/index.ts";
import { identity, isEmptyFile } from "../sys/index.ts";
import type { IfName } from "../values/index.ts";
import { PodsError } from "./error.ts";
import { OWNER } from "./owner.ts";

/** What stands under a pod's name in `/run/netns` and `/run/utsns`. */
export interface PinFact {
  /** `hollow`: a file without a namespace, left by a crash between two steps. */
  readonly state: "free" | "hollow" | "pinned";
  readonly uts: "none" | "hollow" | "pinned";
  /** The tag on its loopback device; absent when it has none. */
  readonly owner?: string;
}

export function readPins<N extends string>(kernel: Kernel, names: readonly N[]): ReadonlyMap<N, PinFact> {
  const states = new Map(names.map((name) => [name, pinState(name)]));
  const owners = kernel.owners(names.filter((name) => states.get(name) === "pinned"));
  return new Map(
    names.map((name): [N, PinFact] => {
      const owner = owners.get(name);
      const state = states.get(name) ?? "free";
      return [name, { state, uts: utsState(name), ...(owner !== undefined && { owner }) }];
    }),
  );
}

function utsState(name: string): PinFact["uts"] {
  const id = identity(utsnsPath(name));
  if (id === undefined) return "none";
  return isNamespace(id) ? "pinned" : "hollow";
}

/**
 * Takes away files of pods that have no network namespace. @throws {PodsError} `conflict`, before any goes, for a file that is no
 * pod's: those are empty
 */
export function clearPins(names: readonly string[]): void {
  for (const path of names.flatMap((name) => [netnsPath(name), utsnsPath(name)])) {
    if (isOurFile(path)) continue;
    throw new PodsError(
      "conflict",
      `${path} is not a file that netloom made, and no namespace is behind it; it is left untouched`,
      "take it away if nobody needs it",
    );
  }
  for (const name of names) deleteNetns(name);
}

function isOurFile(path: string): boolean {
  const id = identity(path);
  if (id !== undefined && isNamespace(id)) return true;
  return isEmptyFile(path) ?? true;
}

/** The pods are there and ours. @throws {PodsError} `missing`, `conflict` */
export function requirePods(kernel: Kernel, names: readonly IfName[]): void {
  const owners = kernel.owners(names);
  for (const name of names) {
    if (owners.get(name) === OWNER) continue;
    if (owners.has(name)) throw foreign(name, owners.get(name));
    throw new PodsError(
      "missing",
      `there is no pod ${name}`,
      "make it first: netns_test create, or netloom pods create",
    );
  }
}

/** None of the names is a namespace of somebody else; what is not there is fine. @throws {PodsError} `conflict` */
export function refuseForeign(kernel: Kernel, names: readonly IfName[]): void {
  for (const [name, owner] of kernel.owners(names)) if (owner !== OWNER) throw foreign(name, owner);
}

export function foreign(name: string, owner: string | undefined): PodsError {
  const whose = owner === undefined ? "carries no owner's tag" : `belongs to "${owner}"`;
  return new PodsError(
    "conflict",
    `the namespace ${name} exists and ${whose}, so it is no pod of netloom's; it is left untouched`,
    `if nobody needs it: ip netns delete ${name}`,
  );
}
