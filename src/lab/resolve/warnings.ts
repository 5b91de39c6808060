import { issueAt, nearest } from "../file/index.ts";
import type { LabFile, LabIssue } from "../file/index.ts";
import { memberNames } from "../topology.ts";
import type { Topology } from "../topology.ts";
import { matcher } from "./pattern.ts";

/** What is no mistake for certain but looks like one: expectations about nobody. */
export function warningsOf(lab: LabFile, topology: Topology): readonly LabIssue[] {
  const all = new Set(memberNames(topology));
  return topology.expectations.flatMap((expectation, at) =>
    (["from", "to"] as const).flatMap((end) => {
      const pattern = expectation[end];
      if (pattern.includes("*") ? [...all].some(matcher(pattern)) : all.has(pattern)) return [];
      const guess = nearest(pattern, all);
      const hint = guess === undefined ? {} : { hint: `did you mean "${guess}"?` };
      return [issueAt(lab.places, ["expect", at, end], `no node, pod or external is named "${pattern}"`, hint)];
    }),
  );
}
