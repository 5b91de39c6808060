import { type AddressTemplate, addressBits } from "../values/index.ts";
import { XclusterError } from "./error.ts";
import type { Shuffled } from "./shuffle.ts";

/** How a list is divided: first a number per node, then `pods` numbers per node. It has to be the same on all nodes. */
export interface Division {
  /** Nodes, numbered from 1. */
  readonly nodes: number;
  /** Pods per node. */
  readonly pods: number;
}

/** What belongs to one node. */
export interface Slice {
  readonly node: number;
  /** Line of the node's own number, from 1. */
  readonly line: number;
  /** The node's own number. */
  readonly own: number;
  /** Line of the first pod's number. */
  readonly podsLine: number;
  /** The pods' numbers, the first pod's first. */
  readonly pods: readonly number[];
}

/** Divides a list among nodes and pods. @throws {XclusterError} `exhausted` with the numbers, where the list is too short */
export function slicesOf({ numbers }: Shuffled, { nodes, pods }: Division): readonly Slice[] {
  const wanted = nodes * (pods + 1);
  if (wanted > numbers.length) {
    const most = Math.floor(numbers.length / nodes) - 1;
    throw new XclusterError(
      "exhausted",
      `${nodes} nodes with ${pods} pods each want ${nodes}·(${pods}+1) = ${wanted} numbers, and the list has ${numbers.length}`,
      most >= 0
        ? `it is enough for ${most} pods on each of ${nodes} nodes; 'netloom addr shuffle --count ${wanted}' makes a longer one`
        : `it is enough for ${numbers.length} nodes; 'netloom addr shuffle --count ${wanted}' makes a longer one`,
    );
  }
  return Array.from({ length: nodes }, (_, at) => {
    const first = nodes + at * pods;
    return {
      node: at + 1,
      line: at + 1,
      own: numbers[at] ?? 0,
      podsLine: first + 1,
      pods: numbers.slice(first, first + pods),
    };
  });
}

/** What belongs to one node. @throws {XclusterError} `exhausted`; `bad-number` for a node that there is not */
export function sliceOf(list: Shuffled, division: Division, node: number): Slice {
  const slice = slicesOf(list, division)[node - 1];
  if (slice === undefined) {
    throw new XclusterError(
      "bad-number",
      `there is no node ${node}: the list is divided among ${division.nodes} nodes, numbered from 1`,
      "--nodes (of netns_test: --nvm) says how many there are",
    );
  }
  return slice;
}

/** Refuses what a division uses of a list, if one of the numbers does not fit the templates' host slot. @throws {XclusterError} `exhausted` */
export function requireRoom(
  { numbers }: Shuffled,
  { nodes, pods }: Division,
  templates: readonly AddressTemplate[],
): void {
  for (const { family, inner, text } of templates) {
    const room = 2 ** (addressBits(family) - inner);
    const at = numbers.slice(0, nodes * (pods + 1)).findIndex((number) => number >= room);
    if (at < 0) continue;
    throw new XclusterError(
      "exhausted",
      `number ${numbers[at]} in line ${at + 1} of the list does not fit ${text}, whose hosts are 0-${room - 1}`,
      `'netloom addr shuffle --count ${room - 1}' makes a list that fits`,
    );
  }
}
