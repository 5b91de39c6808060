import { explain } from "./explain.ts";
import { LabFileError, printPath } from "./issue.ts";
import type { LabIssue, Path } from "./issue.ts";
import { mergeValues } from "./merge.ts";
import { labSchema } from "./schema.ts";
import type { LabInput, LabSpec } from "./schema.ts";
import { parseYaml } from "./yaml.ts";
import type { Places } from "./yaml.ts";

/** A lab as its files say it, and where they say it. */
export interface LabFile {
  readonly spec: LabSpec;
  /** What was written, before defaults and parsing: enough to make the same lab again. */
  readonly input: LabInput;
  /** File names, in the order they were laid over each other; empty for a lab made from an object. */
  readonly files: readonly string[];
  readonly places: ReadonlyMap<string, Places>;
}

/** Reads a lab file's text. Throws {@link LabFileError} `syntax` or `schema` with all that is wrong. */
export function parseLabText(text: string, filename: string): LabFile {
  return parseLabTexts([{ text, filename }]);
}

/** Reads several texts, each laid over those before it: maps are merged, everything else is replaced. */
export function parseLabTexts(sources: readonly { readonly text: string; readonly filename: string }[]): LabFile {
  const places = new Map<string, Places>();
  let value: unknown;
  sources.forEach(({ text, filename }, at) => {
    const located = parseYaml(text, filename);
    if (located.value === null) {
      const issue = {
        file: filename,
        line: 1,
        col: 1,
        path: "",
        message: "the file is empty",
        hint: 'a lab has at least a name, like "name: demo"',
      };
      throw new LabFileError("schema", [issue]);
    }
    value = at === 0 ? located.value : mergeValues(value, located.value);
    for (const [path, place] of located.places) places.set(path, place);
  });
  return check(
    value,
    sources.map(({ filename }) => filename),
    places,
  );
}

/** Makes a lab from an object, as tests do; `from` is the lab whose files it is from. Throws {@link LabFileError} `schema`. */
export function labOf(input: LabInput, from?: Pick<LabFile, "files" | "places">): LabFile {
  return check(input, from?.files ?? [], from?.places ?? new Map());
}

/** An issue with a part of the lab, placed at it or at the nearest thing around it that is written down. */
export function issueAt(
  places: ReadonlyMap<string, Places>,
  path: Path,
  message: string,
  options: { readonly hint?: string; readonly atKey?: boolean } = {},
): LabIssue {
  const { hint, atKey = false } = options;
  for (let length = path.length; length >= 0; length--) {
    const found = places.get(printPath(path.slice(0, length)));
    if (found === undefined) continue;
    const place = atKey && length === path.length ? found.key : found.value;
    return { ...place, path: printPath(path), message, ...(hint === undefined ? {} : { hint }) };
  }
  return { path: printPath(path), message, ...(hint === undefined ? {} : { hint }) };
}

function check(value: unknown, files: readonly string[], places: ReadonlyMap<string, Places>): LabFile {
  // A lab is read once: compiling the schema takes longer than asking it.
  const result = labSchema.safeParse(value, { jitless: true });
  if (result.success) return { spec: result.data, input: value as LabInput, files, places };
  const issues = explain(result.error.issues, value).map(({ path, message, hint, atKey }) =>
    atKey === true
      ? {
          ...issueAt(places, path, message, { atKey, ...(hint === undefined ? {} : { hint }) }),
          path: printPath(path.slice(0, -1)),
        }
      : issueAt(places, path, message, hint === undefined ? {} : { hint }),
  );
  throw new LabFileError("schema", issues);
}
