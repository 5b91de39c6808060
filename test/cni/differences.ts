/** The table of docs/cni-differences.md: where netloom is meant to differ from the reference. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./plugin-folders.ts";

/** One fact that only one of the two shows. */
export interface Finding {
  /** `PLUGIN/CASE`. */
  readonly where: string;
  readonly step: string;
  readonly side: "reference" | "netloom";
  readonly fact: string;
}

export interface Difference {
  readonly id: string;
  /** Patterns of `PLUGIN/CASE`. */
  readonly where: readonly string[];
  readonly reference: readonly string[];
  readonly netloom: readonly string[];
  readonly why: string;
  /** It depends on who was quicker: whether it occurs is not looked at. */
  readonly sometimes: boolean;
}

/** A row for each difference; a cell's patterns stand in backticks. @throws {Error} for a row that cannot be read */
export function readDifferences(text = readFileSync(join(root, "docs/cni-differences.md"), "utf8")): Difference[] {
  const rows = text.split("\n").filter((line) => /^\| *`/.test(line));
  return rows.map((line) => {
    const [, id = "", where = "", reference = "", netloom = "", why = ""] = line
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
    const row = {
      id: patterns(id)[0] ?? "",
      where: patterns(where),
      reference: patterns(reference),
      netloom: patterns(netloom),
      why,
      sometimes: why.startsWith("sometimes: "),
    };
    if (row.id === "" || row.where.length === 0 || row.reference.length + row.netloom.length === 0 || why === "")
      throw new Error(`docs/cni-differences.md: a row without a name, a place, a pattern or a reason: ${line}`);
    return row;
  });
}

function patterns(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text.replaceAll("\\|", "|"));
}

/** `*` stands for anything. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`, "s").test(text);
}

/** The rows that speak of a finding. */
export function explained({ where, side, fact }: Finding, rows: readonly Difference[]): readonly Difference[] {
  return rows.filter(
    (row) =>
      row.where.some((pattern) => matches(pattern, where)) && row[side].some((pattern) => matches(pattern, fact)),
  );
}

/** Listed for one of these cases, and seen in none that the same *where* names: each as `id where: only side: pattern`. */
export function stale(
  rows: readonly Difference[],
  findings: readonly Finding[],
  cases: readonly string[],
): readonly string[] {
  return rows.flatMap((row) =>
    row.where
      .filter((where) => !row.sometimes && cases.some((name) => matches(where, name)))
      .flatMap((where) => {
        const found = findings.filter((finding) => matches(where, finding.where));
        return (["reference", "netloom"] as const).flatMap((side) =>
          row[side]
            .filter((pattern) => !found.some((finding) => finding.side === side && matches(pattern, finding.fact)))
            .map((pattern) => `${row.id} ${where}: only ${side}: ${pattern}`),
        );
      }),
  );
}
