import type * as z from "zod";

import { nearest } from "../../values/index.ts";
import type { LabIssue, Path } from "./issue.ts";

/** What the schema has against a value, in words. */
export interface Complaint extends Pick<LabIssue, "message" | "hint"> {
  readonly path: Path;
  /** The key itself is wrong, not its value. */
  readonly atKey?: boolean;
}

/** zod's issues with `input`, as sentences. */
export function explain(issues: readonly z.core.$ZodIssue[], input: unknown): readonly Complaint[] {
  return withoutEchoes(issues.flatMap((issue) => explainOne(issue, [], input)));
}

function explainOne(issue: z.core.$ZodIssue, base: Path, input: unknown): readonly Complaint[] {
  const path: Path = [...base, ...issue.path.map((part) => (typeof part === "number" ? part : String(part)))];
  const value = valueAt(input, path);
  switch (issue.code) {
    case "unrecognized_keys": {
      const lines = issue.message.split("\n");
      return issue.keys.map((key, at) => ({
        path: [...path, key],
        atKey: true,
        ...splitHint(lines[at] ?? issue.message),
      }));
    }
    case "invalid_type":
      return [{ path, ...mismatch([issue.expected], value) }];
    case "invalid_value":
      return [{ path, ...notOneOf(issue.values.map(String), value) }];
    case "too_small":
      return [{ path, message: bound("at least", Number(issue.minimum), issue.origin, value) }];
    case "too_big":
      return [{ path, message: bound("at most", Number(issue.maximum), issue.origin, value) }];
    case "invalid_union":
      return explainUnion(issue, path, value, input);
    case "invalid_format":
      return [
        { path, message: typeof value === "string" ? `"${value}" cannot be used: ${issue.message}` : issue.message },
      ];
    default:
      return [{ path, message: issue.message }];
  }
}

function explainUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  path: Path,
  value: unknown,
  input: unknown,
): readonly Complaint[] {
  // The branches that the value is of the right type for: what they say is to the point.
  const fitting = issue.errors.find((branch) => !branch.some((inner) => isOtherType(inner, value)));
  if (fitting !== undefined) return fitting.flatMap((inner) => explainOne(inner, path, input));
  if (issue.errors.length === 0 && issue.discriminator !== undefined) {
    const options = "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
    return [{ path, ...notOneOf(options, value) }];
  }
  const expected = issue.errors.flatMap((branch) =>
    branch.flatMap((inner) => (inner.code === "invalid_type" && inner.path.length === 0 ? [inner.expected] : [])),
  );
  return [{ path, ...mismatch(expected, value) }];
}

/** Does a branch want another type than the value has? A map or a list is never one of some words. */
function isOtherType({ code, path }: z.core.$ZodIssue, value: unknown): boolean {
  if (path.length > 0) return false;
  return code === "invalid_type" || (code === "invalid_value" && typeof value === "object" && value !== null);
}

function mismatch(expected: readonly string[], value: unknown): Pick<Complaint, "message" | "hint"> {
  if (value === undefined) return { message: "is missing", hint: `write ${alternatives(expected.map(noun))}` };
  const wanted = alternatives([...new Set(expected.map(noun))]);
  const hint = typeof value === "number" && wanted === "text" ? { hint: `quote it, or add its unit` } : {};
  return { message: `must be ${wanted}, not ${describe(value)}`, ...hint };
}

function notOneOf(options: readonly string[], value: unknown): Pick<Complaint, "message" | "hint"> {
  const listed = alternatives(options);
  if (value === undefined) return { message: "is missing", hint: `write ${listed}` };
  const guess = typeof value === "string" ? nearest(value, options) : undefined;
  return {
    message: `must be ${listed}, not ${describe(value)}`,
    ...(guess === undefined ? {} : { hint: `did you mean "${guess}"?` }),
  };
}

function bound(words: string, limit: number, origin: string, value: unknown): string {
  if (origin === "number" || origin === "int") return `must be ${words} ${limit}, not ${String(value)}`;
  return origin === "array" ? `must have ${words} ${limit} in the list` : "must not be empty";
}

function noun(type: string): string {
  return (
    {
      string: "text",
      number: "a number",
      int: "a whole number",
      object: "a map",
      array: "a list",
      boolean: "true or false",
    }[type] ?? type
  );
}

/** Characters of a value that are told again; its place says the rest. */
const MOST_SHOWN = 60;

function describe(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "number") return String(value);
  if (typeof value === "string" && value.length > MOST_SHOWN) return `${JSON.stringify(value.slice(0, MOST_SHOWN))}…`;
  return JSON.stringify(value) ?? typeof value;
}

function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}

function splitHint(line: string): Pick<Complaint, "message" | "hint"> {
  const [, message, hint] = /^(.*) \((.*)\)$/.exec(line) ?? [];
  return message === undefined || hint === undefined ? { message: line } : { message, hint };
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined),
    input,
  );
}

/** A key that is missing only because it is misspelt is not told twice. */
function withoutEchoes(complaints: readonly Complaint[]): readonly Complaint[] {
  const guessed = new Set(
    complaints.flatMap(({ atKey, path, hint }) => {
      const guess = atKey === true ? /^did you mean "(.*)"\?$/.exec(hint ?? "")?.[1] : undefined;
      return guess === undefined ? [] : [JSON.stringify([...path.slice(0, -1), guess])];
    }),
  );
  return complaints.filter(({ message, path }) => message !== "is missing" || !guessed.has(JSON.stringify(path)));
}
