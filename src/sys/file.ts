import { E, SysError } from "./errno.ts";
import { Fd } from "./fd.ts";
import { attempt, cString, syscall } from "./libc.ts";

const AT_FDCWD = -100;
/** Open flags of asm-generic/fcntl.h, as far as netloom uses them. */
export const O = {
  RDONLY: 0,
  WRONLY: 0o1,
  RDWR: 0o2,
  CREAT: 0o100,
  EXCL: 0o200,
  TRUNC: 0o1000,
  APPEND: 0o2000,
  DIRECTORY: process.arch === "arm64" ? 0o40000 : 0o200000,
  CLOEXEC: 0o2000000,
  PATH: 0o10000000,
} as const;

/** Opens a file, close-on-exec. @throws {SysError} */
export function openFile(path: string, flags: number = O.RDONLY, mode = 0o600): Fd {
  return new Fd(syscall(`open ${path}`, "openat", AT_FDCWD, cString(path), flags | O.CLOEXEC, mode));
}

/** As {@link openFile}; `undefined` where the path does not exist. */
export function tryOpenFile(path: string, flags: number = O.RDONLY): Fd | undefined {
  const result = attempt("openat", AT_FDCWD, cString(path), flags | O.CLOEXEC);
  if (result >= 0) return new Fd(result);
  if (-result === E.ENOENT || -result === E.ENOTDIR) return undefined;
  throw new SysError("openat", -result, `open ${path}`);
}

/** Made when the first file is read: a program that reads none starts faster. */
let buffer: Uint8Array | undefined;
const scratch = (): Uint8Array => (buffer ??= new Uint8Array(65536));
let decoder: TextDecoder | undefined;
const text = (bytes: Uint8Array): string => (decoder ??= new TextDecoder()).decode(bytes);

/** The text of a file of at most 64 KiB (proc, sysctl), without the last newline; `undefined` where there is none. @throws {SysError} */
export function readSmall(path: string): string | undefined {
  using fd = tryOpenFile(path);
  if (fd === undefined) return undefined;
  const bytes = scratch();
  let length = 0;
  for (;;) {
    const count = syscall(`read ${path}`, "read", fd.number, bytes.subarray(length), bytes.length - length);
    length += count;
    if (count === 0 || length === bytes.length) break;
  }
  const end = length > 0 && bytes[length - 1] === 10 ? length - 1 : length;
  return text(bytes.subarray(0, end));
}

/** The text of a file of any size, as it is; `undefined` where there is none. @throws {SysError} */
export function readWhole(path: string): string | undefined {
  using fd = tryOpenFile(path);
  if (fd === undefined) return undefined;
  let bytes = scratch();
  let length = 0;
  for (;;) {
    const count = syscall(`read ${path}`, "read", fd.number, bytes.subarray(length), bytes.length - length);
    length += count;
    if (count === 0) return text(bytes.subarray(0, length));
    if (length < bytes.length) continue;
    const larger = new Uint8Array(bytes.length * 4);
    larger.set(bytes);
    bytes = larger;
  }
}

/** Writes all of it to an open file. @throws {SysError} ENOSPC and the like */
export function writeAll(fd: Fd, bytes: Uint8Array, doing: string): void {
  for (let at = 0; at < bytes.length;) at += syscall(doing, "write", fd.number, bytes.subarray(at), bytes.length - at);
}

/** Writes one value to an existing file in one call, as sysctl and sysfs want it. @throws {SysError} */
export function writeSmall(path: string, value: string): void {
  using fd = openFile(path, O.WRONLY);
  const bytes = new TextEncoder().encode(value);
  syscall(`write ${JSON.stringify(value)} to ${path}`, "write", fd.number, bytes, bytes.length);
}

/** Returns when the file's data is on its device. @throws {SysError} */
export function fsync(fd: Fd, doing: string): void {
  syscall(doing, "fsync", fd.number);
}

/** Makes one folder; that it exists already is fine. @throws {SysError} */
export function makeDir(path: string, mode = 0o755): void {
  const result = attempt("mkdirat", AT_FDCWD, cString(path), mode);
  if (result < 0 && -result !== E.EEXIST) throw new SysError("mkdirat", -result, `make folder ${path}`);
}

/** Makes an empty file that did not exist before. @throws {SysError} EEXIST */
export function createFile(path: string, mode = 0o444): void {
  openFile(path, O.RDONLY | O.CREAT | O.EXCL, mode).close();
}

const AT_REMOVEDIR = 0x200;

/** Removes a folder if it is empty; `false` where it is not, or is not there. @throws {SysError} */
export function removeEmptyFolder(path: string): boolean {
  const result = attempt("unlinkat", AT_FDCWD, cString(path), AT_REMOVEDIR);
  if (result >= 0) return true;
  if (-result === E.ENOENT || -result === E.ENOTEMPTY) return false;
  throw new SysError("unlinkat", -result, `remove folder ${path}`);
}

/** Removes a file; `false` where there was none. @throws {SysError} */
export function removeFile(path: string): boolean {
  const result = attempt("unlinkat", AT_FDCWD, cString(path), 0);
  if (result >= 0) return true;
  if (-result === E.ENOENT) return false;
  throw new SysError("unlinkat", -result, `remove ${path}`);
}

/** Identity of the object behind a path: device and inode in one text; `undefined` where there is none. */
export function identity(path: string): string | undefined {
  const result = attempt("statx", AT_FDCWD, cString(path), 0, 0x7ff, statBuffer);
  if (result === 0) return identityNow();
  if (-result === E.ENOENT || -result === E.ENOTDIR) return undefined;
  throw new SysError("statx", -result, `look at ${path}`);
}

/** Identity of an open file, comparable with {@link identity}. */
export function identityOfFd(fd: Fd): string {
  syscall("look at an open file", "statx", fd.number, emptyPath, AT_EMPTY_PATH, 0x7ff, statBuffer);
  return identityNow();
}

const AT_EMPTY_PATH = 0x1000;
const emptyPath = new Uint8Array(1);
/** `struct statx` of linux/stat.h as words: the inode is at byte 32, the device's numbers are at 136 and 140. */
const stat = new Uint32Array(64);
const statBuffer = new Uint8Array(stat.buffer);
const identityNow = (): string =>
  `${stat[34]}:${stat[35]}:${(stat[9] as number) * 0x1_0000_0000 + (stat[8] as number)}`;

/** Names in a folder, without `.` and `..`; empty where there is no such folder. */
export function listDir(path: string): string[] {
  using fd = tryOpenFile(path, O.RDONLY | O.DIRECTORY);
  if (fd === undefined) return [];
  const names: string[] = [];
  const bytes = scratch();
  const view = new DataView(bytes.buffer);
  for (;;) {
    const length = syscall(`list ${path}`, "getdents64", fd.number, bytes, bytes.length);
    if (length === 0) return names;
    // struct linux_dirent64: inode 8, offset 8, record length 2, type 1, name.
    for (let at = 0; at < length; at += view.getUint16(at + 16, true)) {
      const name = text(bytes.subarray(at + 19, bytes.indexOf(0, at + 19)));
      if (name !== "." && name !== "..") names.push(name);
    }
  }
}

/** Takes an exclusive lock on an open file. `wait: false` answers at once. Returns whether it has it. */
export function lockFile(fd: Fd, wait: boolean): boolean {
  for (;;) {
    const result = attempt("flock", fd.number, wait ? 2 : 6);
    if (result >= 0) return true;
    if (-result === E.EAGAIN) return false;
    if (-result !== E.EINTR) throw new SysError("flock", -result, "lock a file");
  }
}
