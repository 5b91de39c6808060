/**
 * JSON taken apart as text, so that what is passed on stays as it was written: order of keys, big integers, spelling of
 * numbers (SPEC "Plugin configuration objects": unknown fields pass unchanged). The text must be JSON already.
 */

/** One member of an object. `value` is JSON as it was written. */
export interface Member {
  readonly key: string;
  readonly value: string;
}

/** The members of an object, in order; of keys that come twice both. */
export function membersOf(object: string): readonly Member[] {
  return piecesOf(object).map((piece) => {
    const colon = endOfString(piece, 0);
    return {
      key: JSON.parse(piece.slice(0, colon)) as string,
      value: piece.slice(piece.indexOf(":", colon) + 1).trim(),
    };
  });
}

/** The items of an array, in order. */
export function itemsOf(array: string): readonly string[] {
  return piecesOf(array);
}

/** An object of these members. */
export function objectOf(members: readonly Member[]): string {
  return `{${members.map(({ key, value }) => `${JSON.stringify(key)}:${value}`).join(",")}}`;
}

/**
 * The members with others put in: each takes the place of the first that has its key in any case, as plugins read keys, or
 * comes last; further spellings of the key go.
 */
export function withMembers(members: readonly Member[], put: readonly Member[]): readonly Member[] {
  let all: readonly Member[] = members;
  for (const one of put) {
    const at = all.findIndex(({ key }) => sameKey(key, one.key));
    const place = at < 0 ? all.length : at;
    all = [...all.slice(0, place), one, ...withoutMembers(all.slice(place), [one.key])];
  }
  return all;
}

/** The members without those of these keys, in any case. */
export function withoutMembers(members: readonly Member[], keys: readonly string[]): readonly Member[] {
  return members.filter(({ key }) => !keys.some((one) => sameKey(key, one)));
}

/** What a reader that takes keys in any case sees: the last spelling in the text wins. */
export function memberOf(members: readonly Member[], key: string): string | undefined {
  return members.findLast((one) => sameKey(one.key, key))?.value;
}

function sameKey(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}

/** What stands between the outer brackets, split at its commas. */
function piecesOf(text: string): readonly string[] {
  const inner = text.trim().slice(1, -1);
  const pieces: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < inner.length; at++) {
    const char = inner[at];
    if (char === '"') at = endOfString(inner, at) - 1;
    else if (char === "{" || char === "[") depth++;
    else if (char === "}" || char === "]") depth--;
    else if (char === "," && depth === 0) {
      pieces.push(inner.slice(start, at).trim());
      start = at + 1;
    }
  }
  const last = inner.slice(start).trim();
  return last === "" ? pieces : [...pieces, last];
}

/** Where the string that starts at `from` ends: the place after its closing quote. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}
