import { attempt, cString } from "./libc.ts";

const AT_FDCWD = -100;
const STATX_TYPE = 1;
const S_IFMT = 0o170000;
const S_IFREG = 0o100000;

/** Whether a regular file is at the path, at the end of links; `false` also where that cannot be told. */
export function isFile(path: string): boolean {
  // struct statx of linux/stat.h: the mode is at 28.
  const buffer = new Uint8Array(256);
  if (attempt("statx", AT_FDCWD, cString(path), 0, STATX_TYPE, buffer) !== 0) return false;
  return (new DataView(buffer.buffer).getUint16(28, true) & S_IFMT) === S_IFREG;
}
