import { type Ip, familyOf } from "../values/index.ts";
import type { ProbeEnd, ProbePair } from "./result.ts";

type Judge = (from: ProbeEnd, to: ProbeEnd, address: Ip) => boolean;

/**
 * Every pod to every other pod, and every node to every pod, at each address of the destination whose family the
 * source has too. An end is never paired with itself.
 */
export function fullMatrix(
  pods: readonly ProbeEnd[],
  nodes: readonly ProbeEnd[],
  expectation: Judge = () => true,
): ProbePair[] {
  return [...pods, ...nodes].flatMap((from) => pairsOf(from, pods, expectation));
}

/**
 * A part of {@link fullMatrix} of at most about `most` pairs: every end asks equally many pods, spread evenly over all and
 * beginning with the one after itself, so that pods on its own node and on others are among them.
 */
export function sampleMatrix(
  pods: readonly ProbeEnd[],
  nodes: readonly ProbeEnd[],
  most: number,
  expectation: Judge = () => true,
): ProbePair[] {
  const ends = [...pods, ...nodes];
  const perEnd = Math.max(1, Math.floor(most / FAMILIES / ends.length));
  if (perEnd >= pods.length) return fullMatrix(pods, nodes, expectation);
  const step = Math.max(1, Math.floor(pods.length / perEnd));
  return ends.flatMap((from, at) => {
    const some = Array.from({ length: perEnd }, (_, i) => pods[(at + 1 + i * step) % pods.length] as ProbeEnd);
    return pairsOf(from, some, expectation);
  });
}

const FAMILIES = 2;

function pairsOf(from: ProbeEnd, pods: readonly ProbeEnd[], expectation: Judge): ProbePair[] {
  const families = new Set(from.addrs.map(familyOf));
  return pods.flatMap((to) => {
    if (to === from || to.name === from.name) return [];
    const addresses = to.addrs.filter((address) => families.has(familyOf(address)));
    return addresses.map((address) => ({ from, to, address, expect: expectation(from, to, address) }));
  });
}
