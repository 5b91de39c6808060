import { E, SysError } from "./errno.ts";
import { attempt, cString } from "./libc.ts";

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const STATX_TYPE = 1;
const STATX_SIZE = 0x200;
const S_IFMT = 0o170000;
const S_IFREG = 0o100000;

/** Whether a regular file is at the path, at the end of links; `false` also where that cannot be told. */
export function isFile(path: string): boolean {
  const found = look(path, 0, STATX_TYPE);
  return typeof found !== "number" && isRegular(found);
}

/** Whether the path is itself a regular file without content; `undefined` where nothing is there. @throws {SysError} */
export function isEmptyFile(path: string): boolean | undefined {
  const found = look(path, AT_SYMLINK_NOFOLLOW, STATX_TYPE | STATX_SIZE);
  if (found === -E.ENOENT || found === -E.ENOTDIR) return undefined;
  if (typeof found === "number") throw new SysError("statx", -found, `look at ${path}`);
  return isRegular(found) && found.getBigUint64(40, true) === 0n;
}

/** `struct statx` of linux/stat.h (the mode is at 28, the size at 40), or minus errno. */
function look(path: string, flags: number, mask: number): DataView | number {
  const buffer = new Uint8Array(256);
  const result = attempt("statx", AT_FDCWD, cString(path), flags, mask, buffer);
  return result === 0 ? new DataView(buffer.buffer) : result;
}

function isRegular(stat: DataView): boolean {
  return (stat.getUint16(28, true) & S_IFMT) === S_IFREG;
}
