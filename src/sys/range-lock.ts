import { E, SysError } from "./errno.ts";
import type { Fd } from "./fd.ts";
import { attempt } from "./libc.ts";

/** fcntl.h: a lock of the open file, not of the process; released when its last descriptor closes. */
const F_OFD_SETLK = 37;
const types = { shared: 0, exclusive: 1, none: 2 } as const;

/**
 * Locks a range of bytes of an open file, which need not exist, or gives it back (`none`); does not wait. Returns whether it
 * has it. Length 0 is to the end of any file. Exclusive needs a file open for writing, shared one for reading.
 * @throws {SysError} EBADF, ENOLCK
 */
export function lockRange(fd: Fd, kind: keyof typeof types, start: number, length: number): boolean {
  // struct flock of asm-generic/fcntl.h: type 2, whence 2, pad 4, start 8, length 8, pid 4, pad 4.
  const flock = new Uint8Array(32);
  const view = new DataView(flock.buffer);
  view.setInt16(0, types[kind], true);
  view.setBigInt64(8, BigInt(start), true);
  view.setBigInt64(16, BigInt(length), true);
  const result = attempt("fcntl", fd.number, F_OFD_SETLK, flock);
  if (result >= 0) return true;
  if (-result === E.EAGAIN || -result === E.EACCES) return false;
  throw new SysError("fcntl", -result, "lock a part of a file");
}
