/** `T` with every key spelled out, where the optional ones may be `undefined`. */
type Spelled<T> = { readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? T[K] | undefined : T[K] };

/** Leaves out what is `undefined`: in facts, absent means absent. No key of `T` can be forgotten. */
export function fact<T extends object>(value: Spelled<T>): T {
  const kept: Record<string, unknown> = {};
  for (const key in value) if (value[key] !== undefined) kept[key] = value[key];
  return kept as T;
}
