import { readSmall, writeSmall } from "./file.ts";

/** `/proc/sys` shows the calling thread's network namespace, so these are used inside one. */
const ROOT = "/proc/sys/";

/** Interface names may contain dots: keys are written with `/` between parts, or with `.` where no part has a dot. */
function pathOf(key: string): string {
  return ROOT + (key.includes("/") ? key : key.replaceAll(".", "/"));
}

/** The value, or `undefined` where the kernel has no such key. */
export function readSysctl(key: string): string | undefined {
  return readSmall(pathOf(key));
}

/** Sets a value; the empty one empties a list. @throws {SysError} ENOENT when the kernel has no such key, EINVAL, EACCES */
export function writeSysctl(key: string, value: string): void {
  // The kernel passes over a write of no bytes.
  writeSmall(pathOf(key), value === "" ? "\n" : value);
}
