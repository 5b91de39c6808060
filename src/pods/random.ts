import type { Prefix } from "../values/index.ts";
import {
  RND_ADDRESSES,
  XclusterError,
  readShuffled,
  requireRoom,
  shuffledAddresses,
  sliceOf,
} from "../xcluster/index.ts";
import type { LocalNode, LocalPod } from "./local-node.ts";

/** Addresses of the shuffled list: those of this node and of its pods, in their order. */
export interface Shuffling {
  readonly node: readonly Prefix[];
  /** @throws {XclusterError} `exhausted` for a pod that the list has no number for */
  readonly pod: (pod: LocalPod) => readonly Prefix[];
}

/** @throws {XclusterError} `missing-list`, `bad-list`, `exhausted`, `bad-number` */
export function shuffling(node: LocalNode): Shuffling {
  const { nodes, pods, templates } = node.settings;
  const list = readShuffled();
  requireRoom(list, { nodes, pods }, templates);
  const slice = sliceOf(list, { nodes, pods }, node.number);
  const addresses = (number: number): readonly Prefix[] => node.wanted(shuffledAddresses(templates, number));
  return {
    node: addresses(slice.own),
    pod: ({ name, number }) => {
      const one = slice.pods[number - 1];
      if (one !== undefined) return addresses(one);
      throw new XclusterError(
        "exhausted",
        `${name} has no number in ${RND_ADDRESSES}: each node's pods have ${pods}`,
        "NPODS says how many there are, and is the same on all nodes",
      );
    },
  };
}

/** Every address of the list that nodes and their pods use. @throws {XclusterError} */
export function allShuffled(node: LocalNode): readonly Prefix[] {
  const { nodes, pods, templates } = node.settings;
  const list = readShuffled();
  requireRoom(list, { nodes, pods }, templates);
  sliceOf(list, { nodes, pods }, 1);
  return list.numbers
    .slice(0, nodes * (pods + 1))
    .flatMap((number) => node.wanted(shuffledAddresses(templates, number)));
}
