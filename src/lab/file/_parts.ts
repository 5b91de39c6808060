import * as z from "zod";

import { ValueError, nearest } from "../../values/index.ts";

/** An object without other keys. The error has a line per unknown key, in the order of the issue's `keys`. */
export function strict<S extends z.core.$ZodLooseShape>(shape: S) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? issue.keys.map((key) => unknownKey(key, known)).join("\n") : undefined,
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  const guess = nearest(key, known);
  const fix = guess === undefined ? `the keys here are ${known.join(", ")}` : `did you mean "${guess}"?`;
  return `unknown key "${key}" (${fix})`;
}

/** Text that one of `src/values`' parsers reads; what the parser says is wrong becomes the issue. */
export function parsed<T>(parse: (text: string) => T) {
  return z.string().transform((text, context): T => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      context.addIssue({ code: "custom", message: error.message, input: text });
      return z.NEVER;
    }
  });
}

/** One of something, or a list of at least one. */
export function oneOrMore<T extends z.ZodType>(item: T) {
  return z.union([item, z.array(item).min(1)]);
}
