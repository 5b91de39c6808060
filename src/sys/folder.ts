/** Folders of many small files: read at once, files that appear whole or not at all, and the time of the last change. */
import { E, SysError, errno } from "./errno.ts";
import { Fd } from "./fd.ts";
import { O, makeDir, writeAll } from "./file.ts";
import { attempt, cString, syscall } from "./libc.ts";

const AT_FDCWD = -100;
const AT_SYMLINK_FOLLOW = 0x400;
/** `__O_TMPFILE | O_DIRECTORY` of asm-generic/fcntl.h. */
const O_TMPFILE = 0o20000000 | O.DIRECTORY;
const DT_DIR = 4;

/** Makes a folder and those above it that are missing. @throws {SysError} */
export function makeDirs(path: string, mode = 0o755): void {
  try {
    makeDir(path, mode);
  } catch (error) {
    const slash = path.lastIndexOf("/");
    if (!(error instanceof SysError) || error.code !== "ENOENT" || slash <= 0) throw error;
    makeDirs(path.slice(0, slash), mode);
    makeDir(path, mode);
  }
}

/**
 * The texts of files of a folder by their names, the first 4 KiB of each; empty where there is no such folder. What is no file, or
 * goes away meanwhile, is left out, and names that are not `wanted` are not read. @throws {SysError}
 */
export function readFolder(path: string, wanted: (name: string) => boolean = () => true): Map<string, string> {
  const found = new Map<string, string>();
  const number = attempt("openat", AT_FDCWD, cString(path), O.RDONLY | O.DIRECTORY | O.CLOEXEC);
  if (number < 0) {
    if (-number === E.ENOENT) return found;
    throw new SysError("openat", -number, `open ${path}`);
  }
  using folder = new Fd(number);
  const entries = new Uint8Array(32768);
  const view = new DataView(entries.buffer);
  const content = new Uint8Array(4096);
  const text = new TextDecoder();
  for (;;) {
    const length = syscall(`list ${path}`, "getdents64", folder.number, entries, entries.length);
    if (length === 0) return found;
    // struct linux_dirent64: inode 8, offset 8, record length 2, type 1, name with NUL.
    for (let at = 0; at < length; at += view.getUint16(at + 16, true)) {
      if (entries[at + 18] === DT_DIR) continue;
      const name = entries.subarray(at + 19, entries.indexOf(0, at + 19) + 1);
      const called = text.decode(name.subarray(0, -1));
      if (!wanted(called)) continue;
      const count = readAt(folder, name, content, path);
      if (count >= 0) found.set(called, text.decode(content.subarray(0, count)));
    }
  }
}

/** Reads a file of the folder: how many bytes, or -1 where there is no file. */
function readAt(folder: Fd, name: Uint8Array, into: Uint8Array, path: string): number {
  const file = attempt("openat", folder.number, name, O.RDONLY | O.CLOEXEC);
  const count = file < 0 ? file : attempt("read", file, into, into.length);
  if (file >= 0) attempt("close", file);
  if (count >= 0) return count;
  if (-count === E.ENOENT || -count === E.EISDIR) return -1;
  throw new SysError("read", -count, `read ${path}/${new TextDecoder().decode(name.subarray(0, -1))}`);
}

/**
 * Makes a file that is there with all its content or not at all, whenever this process ends; `false` if the name is taken. Another
 * process that dies within the call leaves nothing, but `<folder>/.<name>.new` on file systems without nameless files.
 * @throws {SysError} ENOSPC, EROFS, EACCES
 */
export function publishFile(folder: string, name: string, content: Uint8Array, mode = 0o600): boolean {
  const path = `${folder}/${name}`;
  const nameless = attempt("openat", AT_FDCWD, cString(folder), O_TMPFILE | O.WRONLY | O.CLOEXEC, mode);
  if (nameless >= 0) {
    using fd = new Fd(nameless);
    writeAll(fd, content, `write ${path}`);
    return link(`/proc/self/fd/${fd.number}`, path, AT_SYMLINK_FOLLOW);
  }
  if (![errno("EOPNOTSUPP"), E.EISDIR, E.EINVAL].includes(-nameless))
    throw new SysError("openat", -nameless, `write ${path}`);
  return withNamed(folder, name, content, mode, (temporary) => {
    const made = link(temporary, path, 0);
    attempt("unlinkat", AT_FDCWD, cString(temporary), 0);
    return made;
  });
}

/** Gives a file new content in one step: readers see the old or the new. @throws {SysError} ENOSPC, EROFS, EACCES */
export function replaceFile(folder: string, name: string, content: Uint8Array, mode = 0o600): void {
  const path = `${folder}/${name}`;
  withNamed(folder, name, content, mode, (temporary) =>
    syscall(`write ${path}`, "renameat", AT_FDCWD, cString(temporary), AT_FDCWD, cString(path)),
  );
}

function withNamed<T>(
  folder: string,
  name: string,
  content: Uint8Array,
  mode: number,
  publish: (temporary: string) => T,
): T {
  const temporary = `${folder}/.${name}.new`;
  try {
    const flags = O.WRONLY | O.CREAT | O.TRUNC | O.CLOEXEC;
    using fd = new Fd(syscall(`write ${folder}/${name}`, "openat", AT_FDCWD, cString(temporary), flags, mode));
    writeAll(fd, content, `write ${folder}/${name}`);
    return publish(temporary);
  } catch (error) {
    attempt("unlinkat", AT_FDCWD, cString(temporary), 0);
    throw error;
  }
}

function link(from: string, to: string, flags: number): boolean {
  const result = attempt("linkat", AT_FDCWD, cString(from), AT_FDCWD, cString(to), flags);
  if (result >= 0) return true;
  if (-result === E.EEXIST) return false;
  throw new SysError("linkat", -result, `make ${to}`);
}

/** When a file or folder last changed, nanoseconds since 1970; `undefined` where there is none. @throws {SysError} */
export function changedAt(path: string): bigint | undefined {
  const stat = new Uint8Array(256);
  const result = attempt("statx", AT_FDCWD, cString(path), 0, STATX_MTIME, stat);
  if (result < 0) {
    if (-result === E.ENOENT || -result === E.ENOTDIR) return undefined;
    throw new SysError("statx", -result, `look at ${path}`);
  }
  const view = new DataView(stat.buffer);
  // struct statx: stx_mtime at 112, seconds 8 and nanoseconds 4.
  return view.getBigInt64(112, true) * 1_000_000_000n + BigInt(view.getUint32(120, true));
}

const STATX_MTIME = 0x40;
const UTIME_OMIT = 0x3ffffffen;

/** Sets when a file or folder last changed. @throws {SysError} EPERM when it is another user's */
export function setChangedAt(path: string, nanoseconds: bigint): void {
  // struct timespec: seconds 8, nanoseconds 8; access first, then change.
  const times = new BigInt64Array([0n, UTIME_OMIT, nanoseconds / 1_000_000_000n, nanoseconds % 1_000_000_000n]);
  syscall(`set the time of ${path}`, "utimensat", AT_FDCWD, cString(path), new Uint8Array(times.buffer), 0);
}
