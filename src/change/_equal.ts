/** Whether two plain values are the same, byte arrays and bigints included. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return (
      a instanceof Uint8Array && b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i])
    );
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  if (left.length !== Object.keys(b).length) return false;
  return left.every(([key, value]) => Object.hasOwn(b, key) && same(value, (b as Record<string, unknown>)[key]));
}

/** The keys of `wanted` whose value is another in `found`; a false is as good as an absent value. */
export function differingKeys(wanted: object | undefined, found: object | undefined): string[] {
  if (wanted === undefined) return [];
  const there = (found ?? {}) as Record<string, unknown>;
  return Object.entries(wanted).flatMap(([key, value]) => {
    if (value === undefined || same(value, there[key])) return [];
    return value === false && there[key] === undefined ? [] : [key];
  });
}

/** The object with only those keys that have a value. */
export function present<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(hasValue)) as T;
}

export function hasValue([, value]: readonly [string, unknown]): boolean {
  return value !== undefined;
}
