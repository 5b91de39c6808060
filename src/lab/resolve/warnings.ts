import { nearest } from "../../values/index.ts";
import { issueAt } from "../file/index.ts";
import type { LabFile, LabIssue } from "../file/index.ts";
import { memberNames } from "../topology.ts";
import type { Topology } from "../topology.ts";
import { matcher } from "./pattern.ts";

/** What is no mistake for certain but looks like one: expectations about nobody, or of nodes, which nobody asks. */
export function warningsOf(lab: LabFile, topology: Topology): readonly LabIssue[] {
  const all = new Set(memberNames(topology));
  const nodes = new Set(topology.nodes.map(({ name }) => name));
  return topology.expectations.flatMap((expectation, at) =>
    (["from", "to"] as const).flatMap((end) => {
      const pattern = expectation[end];
      const place = ["expect", at, end];
      const found = pattern.includes("*") ? [...all].filter(matcher(pattern)) : all.has(pattern) ? [pattern] : [];
      if (end === "to" && found.length > 0 && found.every((name) => nodes.has(name))) {
        const what = `"${pattern}" is a node, and pods and externals alone are asked whether they are reached`;
        return [issueAt(lab.places, place, what, { hint: "name a pod of it, or an external" })];
      }
      if (found.length > 0) return [];
      const guess = nearest(pattern, all);
      const hint = guess === undefined ? {} : { hint: `did you mean "${guess}"?` };
      return [issueAt(lab.places, place, `no node, pod or external is named "${pattern}"`, hint)];
    }),
  );
}
