import type { Op } from "../change/index.ts";
import { PodsError } from "./error.ts";
import type { Job } from "./job.ts";
import { OWNER } from "./owner.ts";
import { type PinFact, clearPins, foreign, readPins } from "./pins.ts";

/** Files to take away first, and what to do then. */
export interface CreatePlan {
  readonly clear: readonly string[];
  readonly ops: readonly Op[];
}

/** Pods are namespaces with a host name of their own. @throws {PodsError} `conflict` where a name is somebody else's */
export function planCreate(names: readonly string[], pins: ReadonlyMap<string, PinFact>): CreatePlan {
  const clear: string[] = [];
  const ops: Op[] = [];
  for (const name of names) {
    const { state, uts, owner } = pins.get(name) ?? { state: "free", uts: "none" };
    if (state === "pinned") {
      if (owner !== OWNER) throw foreign(name, owner);
      if (uts !== "pinned") throw halfThere(name);
      continue;
    }
    if (state === "hollow" || uts !== "none") clear.push(name);
    ops.push({ do: "netns.create", netns: name, owner: OWNER, hostname: name });
  }
  return { clear, ops };
}

function halfThere(name: string): PodsError {
  return new PodsError(
    "conflict",
    `the pod ${name} has lost its host name: nothing is pinned at /run/utsns/${name}`,
    "delete it and create it again",
  );
}

/** Makes pods; those that are there stay as they are. @throws {PodsError} `conflict`; {@link OpError} */
export function create(job: Job, names: readonly string[]): void {
  const { clear, ops } = planCreate(names, readPins(job.kernel, names));
  clearPins(clear);
  job.run(ops);
}
