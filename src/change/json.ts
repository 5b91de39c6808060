import type { Op } from "./op.ts";

/** A value that `JSON.stringify` takes. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The op as plain JSON: bigints become decimal strings, byte arrays hex, absent values stay absent. */
export function opToJson(op: Op): Json {
  return toJson(op);
}

function toJson(value: unknown): Json {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return value.toHex();
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, toJson(item)]])),
    );
  }
  return value as string | number | boolean | null;
}
