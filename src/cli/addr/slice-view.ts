import type { View } from "../../output/index.ts";
import type { AddressTemplate } from "../../values/index.ts";
import {
  type Division,
  type Slice,
  readShuffled,
  requireRoom,
  shuffle,
  shuffledAddresses,
  sliceOf,
  slicesOf,
} from "../../xcluster/index.ts";

/** What is asked of a list. */
export interface SliceQuestion {
  readonly file: string;
  readonly division: Division;
  /** That node alone, with addresses. */
  readonly node: number | undefined;
  readonly templates: readonly AddressTemplate[];
}

/** How a list is divided. @throws {XclusterError} where it is not there, wrong, or too short */
export function sliceView({ file, division, node, templates }: SliceQuestion): View {
  const list = readShuffled(file);
  const slices = node === undefined ? slicesOf(list, division) : [sliceOf(list, division, node)];
  requireRoom(list, division, templates);
  const { seed, numbers } = list;
  const more = {
    file,
    ...(seed !== undefined && { seed, followsFromSeed: isOf(seed, numbers) }),
    numbers: numbers.length,
    used: division.nodes * (division.pods + 1),
  };
  const holders = slices.map((slice) => holdersOf(slice, templates));
  return node === undefined ? overview(slices, holders, more) : detail(holders.flat(), more);
}

/** A node or a pod, and its number. */
interface Holder {
  readonly node: number;
  /** Absent for the node itself. */
  readonly pod?: number;
  readonly line: number;
  readonly number: number;
  readonly addresses: readonly string[];
}

function holdersOf(
  { node, line, own, podsLine, pods }: Slice,
  templates: readonly AddressTemplate[],
): readonly Holder[] {
  const addresses = (number: number): readonly string[] => shuffledAddresses(templates, number);
  return [
    { node, line, number: own, addresses: addresses(own) },
    ...pods.map((number, at) => ({ node, pod: at + 1, line: podsLine + at, number, addresses: addresses(number) })),
  ];
}

function overview(slices: readonly Slice[], holders: readonly (readonly Holder[])[], more: object): View {
  return {
    columns: [
      { key: "node", align: "right" },
      { key: "line", align: "right" },
      { key: "number", align: "right" },
      { key: "podLines", title: "pods' lines" },
      { key: "podNumbers", title: "pods' numbers", shrink: true },
    ],
    rows: slices.map(({ node, line, own, podsLine, pods }) => ({
      node,
      line,
      number: own,
      podLines: pods.length === 0 ? undefined : `${podsLine}-${podsLine + pods.length - 1}`,
      podNumbers: pods.join(" "),
    })),
    data: { ...more, holders: holders.flat() },
    names: slices.map(({ own }) => String(own)),
  };
}

function detail(holders: readonly Holder[], more: object): View {
  return {
    columns: [
      { key: "node", align: "right" },
      { key: "pod", align: "right" },
      { key: "line", align: "right" },
      { key: "number", align: "right" },
      { key: "addresses" },
    ],
    rows: holders.map((one) => ({ ...one, addresses: one.addresses.join(" ") })),
    data: { ...more, holders },
    names: holders.flatMap(({ addresses }) => addresses),
  };
}

/** Whether the list is still what its seed makes. */
function isOf(seed: string, numbers: readonly number[]): boolean {
  return shuffle(seed, numbers.length).numbers.every((number, at) => number === numbers[at]);
}
