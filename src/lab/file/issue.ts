/** Keys and indexes from the top of the file to a value, e.g. `["nodes", 1, "name"]`. */
export type Path = readonly (string | number)[];

/** Where a value stands in its file; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly col: number;
}

/** One thing that is wrong with a lab file. Without a place when the lab did not come from a file. */
export interface LabIssue extends Partial<Place> {
  /** `nodes[1].name`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

/**
 * `no-file`: none found, or several to choose from. `unreadable`: the system refused. `syntax`: not YAML. `schema`: a
 * key or value the format does not have. `lab`: well-formed, but no lab can be made of it.
 */
export type LabFileErrorCode = "no-file" | "unreadable" | "syntax" | "schema" | "lab";

/** Everything that is wrong with a lab file, in the order of the file. The message has one line per issue. */
export class LabFileError extends Error {
  override readonly name = "LabFileError";
  readonly code: LabFileErrorCode;
  readonly issues: readonly LabIssue[];

  constructor(code: LabFileErrorCode, issues: readonly LabIssue[], options?: ErrorOptions) {
    const sorted = issues.toSorted(byPlace);
    super(sorted.map(printIssue).join("\n"), options);
    this.code = code;
    this.issues = sorted;
  }
}

/** `file:line:col: path: message (hint)`, leaving out what is absent. */
export function printIssue(issue: LabIssue): string {
  const { file, line, col, path, message, hint } = issue;
  const place = [file, line, col].filter((part) => part !== undefined).join(":");
  const head = [place, path].filter((part) => part !== "").map((part) => `${part}: `);
  return `${head.join("")}${message}${hint === undefined ? "" : ` (${hint})`}`;
}

/** `nodes[1].name`. */
export function printPath(path: Path): string {
  return path.map((part, at) => (typeof part === "number" ? `[${part}]` : at === 0 ? part : `.${part}`)).join("");
}

/** Issues without a place stay where they are found: last. */
function byPlace(a: LabIssue, b: LabIssue): number {
  if (a.file !== b.file) return 0;
  return (a.line ?? Infinity) - (b.line ?? Infinity) || (a.col ?? 0) - (b.col ?? 0) || 0;
}
