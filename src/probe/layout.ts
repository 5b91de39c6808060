import type { MatrixResult, PairResult } from "./result.ts";

/** What happened between one source and one destination, or between two groups of them. */
export interface Cell {
  /** Pairs that are as expected, of `pairs`. */
  readonly ok: number;
  readonly pairs: number;
  /** Pairs that reach, by wish or not. */
  readonly reached: number;
  /** Share of requests lost where they should have arrived, 0 to 1. */
  readonly loss: number;
}

export interface Layout {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cell: (row: string, column: string) => Cell | undefined;
  /** Rows and columns are groups of ends. */
  readonly grouped: boolean;
}

/** More columns than this are put together. */
export const MOST_COLUMNS = 20;

/** Rows and columns in the order in which they were asked; many of them become one per node. */
export function layOut({ pairs }: MatrixResult, groupOf: (name: string) => string = nodeOf): Layout {
  const tooMany = new Set(pairs.map(({ to }) => to)).size > MOST_COLUMNS;
  const groups = tooMany ? groupOf : (name: string): string => name;
  const rows = new Set<string>();
  const columns = new Set<string>();
  const sums = new Map<string, PairResult[]>();
  for (const pair of pairs) {
    const row = groups(pair.from);
    const column = groups(pair.to);
    rows.add(row);
    columns.add(column);
    const key = `${row}\n${column}`;
    const list = sums.get(key);
    if (list === undefined) sums.set(key, [pair]);
    else list.push(pair);
  }
  const cell = (row: string, column: string): Cell | undefined => {
    const list = sums.get(`${row}\n${column}`);
    return list === undefined ? undefined : cellOf(list);
  };
  // Where an end is both, its row and its column have the same place.
  const ordered = [...[...rows].filter((name) => columns.has(name)), ...[...columns].filter((name) => !rows.has(name))];
  return { rows: [...rows], columns: ordered, cell, grouped: tooMany };
}

function cellOf(pairs: readonly PairResult[]): Cell {
  const expected = pairs.filter(({ expect }) => expect);
  const sent = expected.reduce((sum, pair) => sum + pair.sent, 0);
  const received = expected.reduce((sum, pair) => sum + pair.received, 0);
  return {
    ok: pairs.filter(({ ok }) => ok).length,
    pairs: pairs.length,
    reached: pairs.filter(({ reached }) => reached).length,
    loss: sent === 0 ? 0 : (sent - received) / sent,
  };
}

/** Pods are named after their node: `vm-001-ns01` belongs to `vm-001`. Other names stand for themselves. */
export function nodeOf(name: string): string {
  return /^(.+)-[a-z]+\d+$/i.exec(name)?.[1] ?? name;
}
