import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Document, Node, Pair } from "yaml";

import { LabFileError, printPath } from "./issue.ts";
import type { LabIssue, Path, Place } from "./issue.ts";

/** A file's value, and where each part of it stands, by printed path. */
export interface Located {
  readonly value: unknown;
  readonly places: ReadonlyMap<string, Places>;
}

export interface Places {
  /** Of the key; that of the value for list items. */
  readonly key: Place;
  readonly value: Place;
}

/** Reads YAML 1.2 (and so JSON). Throws {@link LabFileError} `syntax` with all that is wrong. */
export function parseYaml(text: string, file: string): Located {
  if (text.includes("\0")) {
    const hint = "a lab file is YAML in UTF-8; UTF-16 and binary files are not";
    throw new LabFileError("syntax", [{ file, line: 1, col: 1, path: "", message: "this is no text", hint }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, col };
  };
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    throw new LabFileError(
      "syntax",
      faults.map(({ code, message, pos }) => ({ ...placeAt(pos[0]), path: "", ...tell(code, message) })),
    );
  }
  const { places, faults: danglings } = walk(document, placeAt);
  if (danglings.length > 0) throw new LabFileError("syntax", danglings);
  try {
    return { value: document.toJS({ maxAliasCount: 1000 }), places };
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    throw new LabFileError("syntax", [{ file, line: 1, col: 1, path: "", message: cause.message }], { cause });
  }
}

interface Walked {
  readonly places: ReadonlyMap<string, Places>;
  readonly faults: readonly LabIssue[];
}

/** Notes the place of everything in the document, and aliases to nothing. */
function walk(document: Document.Parsed, placeAt: (offset: number) => Place): Walked {
  const places = new Map<string, Places>();
  const faults: LabIssue[] = [];

  const targetOf = (node: Node, path: Path): Node | undefined => {
    if (!isAlias(node)) return node;
    const target = node.resolve(document);
    if (target === undefined) {
      const place = placeAt(node.range?.[0] ?? 0);
      const hint = `write &${node.source} before what it stands for, further up`;
      faults.push({ ...place, path: printPath(path), message: `*${node.source} stands for nothing`, hint });
    }
    return target;
  };

  const visit = (node: unknown, path: Path, key: Node | undefined, above: ReadonlySet<unknown>): void => {
    if (!isNode(node) || above.has(node)) return;
    const value = placeAt(node.range?.[0] ?? 0);
    const name = printPath(path);
    if (!places.has(name)) places.set(name, { key: key === undefined ? value : placeAt(key.range?.[0] ?? 0), value });
    const target = targetOf(node, path);
    const inside = new Set(above).add(node);
    if (isSeq(target)) target.items.forEach((item, at) => visit(item, [...path, at], undefined, inside));
    if (isMap(target)) visitPairs(target.items, path, inside);
  };

  const visitPairs = (pairs: readonly Pair[], path: Path, inside: ReadonlySet<unknown>): void => {
    for (const { key, value } of pairs) {
      if (!isScalar(key)) continue;
      if (isMergeKey(key.value)) visitMerged(value, path, inside);
      // A key without a value has no node: its place is the key's.
      else visit(isNode(value) ? value : key, [...path, String(key.value)], key, inside);
    }
  };

  const visitMerged = (source: unknown, path: Path, inside: ReadonlySet<unknown>): void => {
    if (!isNode(source)) return;
    const target = targetOf(source, path);
    if (target === undefined) return;
    if (isMap(target)) visitPairs(target.items, path, inside);
    else if (isSeq(target)) for (const item of target.items) visitMerged(item, path, inside);
    else
      faults.push({
        ...placeAt(source.range?.[0] ?? 0),
        path: printPath(path),
        message: "<< takes a map",
        hint: "give it an alias of one",
      });
  };

  visit(document.contents, [], undefined, new Set());
  return { places, faults };
}

/** The parser makes a symbol of a merge key, and leaves a quoted one text. */
function isMergeKey(key: unknown): boolean {
  return typeof key === "symbol" && key.description === "<<";
}

/** The parser's words, for those who write lab files. */
function tell(code: string, message: string): Pick<LabIssue, "message" | "hint"> {
  switch (code) {
    case "DUPLICATE_KEY":
      return { message: "this key is here twice", hint: "remove one of the two" };
    case "TAB_AS_INDENT":
      return { message: "a tab cannot indent YAML", hint: "use spaces" };
    case "BAD_ALIAS":
      return { message: "* begins the name of an anchor, and none is here", hint: 'quote what shall be text: "*"' };
    case "MULTIPLE_DOCS":
      return {
        message: "a second document begins here",
        hint: "one file is one lab; put the other into a file of its own",
      };
    default:
      return { message: `not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}` };
  }
}
