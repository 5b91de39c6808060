import type { Op } from "./op.ts";

/** A value that `JSON.stringify` takes. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The op as JSON: bigints become decimal strings, byte arrays hex, absent values stay absent. */
export function opToJson(op: Op): Json {
  return JSON.parse(opToText(op));
}

/** {@link opToJson} as text, in one line. */
export function opToText(op: Op): string {
  return JSON.stringify(op, plain);
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  return value instanceof Uint8Array ? value.toHex() : value;
}
