import type { TypeName } from "./data-type.ts";
import type { Value } from "./field.ts";
import type { Rule, Verdict } from "./rule.ts";

export type TableFamily = "ip" | "ip6" | "inet" | "bridge" | "netdev";

/** Where a table is. */
export interface TableRef {
  readonly family: TableFamily;
  readonly name: string;
}

export type Hook = "prerouting" | "input" | "forward" | "output" | "postrouting" | "ingress";

/** `dstnat`, `srcnat` … as `nft` calls them, or a number: lower ones see packets first. */
export type Priority = "raw" | "mangle" | "dstnat" | "filter" | "security" | "srcnat" | "out" | number;

/** What makes a chain a base chain: packets enter it from the network stack. */
export interface Base {
  readonly type: "filter" | "nat" | "route";
  readonly hook: Hook;
  readonly priority: Priority;
  /** `accept` if absent. */
  readonly policy?: "accept" | "drop";
  /** The device of an `ingress` chain. */
  readonly device?: string;
}

export interface ChainSpec {
  readonly name: string;
  /** Absent: packets come by jumps and maps only. */
  readonly base?: Base;
  readonly comment?: string;
  readonly rules: readonly Rule[];
}

/** A set, or a map where it has `data`. */
export interface SetSpec {
  readonly name: string;
  /** Types of the key, several for a concatenation. */
  readonly key: readonly TypeName[];
  readonly data?: "verdict" | readonly TypeName[];
  /** Keys are prefixes, which must not overlap. */
  readonly interval?: boolean;
  readonly comment?: string;
}

/** An element of a set or map. */
export interface Element {
  readonly key: readonly Value[];
  readonly to?: Verdict | readonly Value[];
  /** At most 127 bytes. */
  readonly comment?: string;
}

/** A table as it is written down: what all who use it share. */
export interface TableSpec extends TableRef {
  readonly comment?: string;
  readonly chains: readonly ChainSpec[];
  readonly sets?: readonly SetSpec[];
}
