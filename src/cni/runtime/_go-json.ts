/**
 * JSON as Go's encoding/json writes a map: keys sorted by their bytes, no white space, and `<`, `>`, `&` and Unicode's two
 * line separators as escapes. libcni's cache files are written so; ours are to be the same bytes.
 */
export function goJson(value: unknown): string {
  return sorted(value).replaceAll(/[<>&\u2028\u2029]/g, escaped);
}

function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const members = Object.entries(value).filter(([, one]) => one !== undefined);
  const inOrder = members.toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${inOrder.map(([key, one]) => `${JSON.stringify(key)}:${sorted(one)}`).join(",")}}`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
