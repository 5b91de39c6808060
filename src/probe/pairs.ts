import { familyOf } from "../values/index.ts";
import type { ProbeEnd, ProbePair } from "./result.ts";

/**
 * Every pod to every other pod, and every node to every pod, at each address of the destination whose family the
 * source has too. An end is never paired with itself.
 */
export function fullMatrix(
  pods: readonly ProbeEnd[],
  nodes: readonly ProbeEnd[],
  expectation: (from: ProbeEnd, to: ProbeEnd) => boolean = () => true,
): ProbePair[] {
  return [...pods, ...nodes].flatMap((from) => {
    const families = new Set(from.addrs.map(familyOf));
    return pods.flatMap((to) => {
      if (to === from || to.name === from.name) return [];
      const expect = expectation(from, to);
      const addresses = to.addrs.filter((address) => families.has(familyOf(address)));
      return addresses.map((address) => ({ from, to, address, expect }));
    });
  });
}
