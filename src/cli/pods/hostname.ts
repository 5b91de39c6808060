import { readSmall } from "../../sys/index.ts";

/** Of the caller's own UTS namespace. */
export function hostname(): string {
  return readSmall("/proc/sys/kernel/hostname") ?? "";
}
