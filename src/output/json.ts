/** Raised when a key of the printed data changes its meaning or goes away. */
export const schemaVersion = 1;

/**
 * The data as indented JSON with a final line feed. An object gets `schemaVersion` as its first key, anything else
 * becomes `{schemaVersion, items}`. A `Map` becomes an object, a `Set` an array, a `bigint` its decimal digits as a
 * string (so its type never depends on its size), bytes become hex. Throws TypeError for cyclic data.
 */
export function renderJson(data: unknown): string {
  return `${JSON.stringify(versioned(data), portable, 2)}\n`;
}

/** The same data as plain values, for other writers. Throws TypeError for cyclic data. */
export function plainData(data: unknown): unknown {
  return JSON.parse(JSON.stringify(versioned(data), portable));
}

function versioned(data: unknown): object {
  const value = portable("", data);
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? { schemaVersion, ...value }
    : { schemaVersion, items: value };
}

function portable(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, item]) => [String(key), item]));
  }
  if (value instanceof Set) return [...value];
  if (value instanceof Uint8Array) return value.toHex();
  return value;
}
