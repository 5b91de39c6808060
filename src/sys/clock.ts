import { localtime } from "./libc.ts";

/** The time of day here and now, `HH:MM:SS`. */
export function timeOfDay(): string {
  return localtime(Math.floor(Date.now() / 1000))
    .toReversed()
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}
