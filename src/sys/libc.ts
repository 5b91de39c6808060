/**
 * The only foreign functions of netloom: `syscall(2)`, errno, and exec with its search in PATH. Every other file of this room is a verb on top of it.
 *
 * One generic entry instead of a function per call, because each symbol that is bound costs start-up time, and
 * because kernel numbers are a stable ABI while libc's wrappers differ (musl, glibc).
 */
import { FFIType, dlopen, ptr, read } from "bun:ffi";
import { E, SysError } from "./errno.ts";

const word = FFIType.i64_fast;
const { symbols } = dlopen("libc.so.6", {
  syscall: { args: [word, word, word, word, word, word, word], returns: word },
  __errno_location: { args: [], returns: FFIType.ptr },
});

// The address is this thread's own: a Worker loads this module anew, and so has its own.
const errnoAt = symbols.__errno_location();

/** System call numbers: asm/unistd_64.h for x86-64, asm-generic/unistd.h for arm64. */
const x64 = () => ({
  setitimer: 38, read: 0, write: 1, close: 3, ioctl: 16, socket: 41, connect: 42, sendto: 44, recvfrom: 45, bind: 49,
  setsockopt: 54, kill: 62, fcntl: 72, flock: 73, fsync: 74, getcwd: 79, chdir: 80, rt_sigaction: 13,
  rt_sigprocmask: 14, mount: 165, umount2: 166, sethostname: 170, getdents64: 217, exit_group: 231,
  openat: 257, mkdirat: 258, unlinkat: 263, renameat: 264, linkat: 265, ppoll: 271, unshare: 272, utimensat: 280, setns: 308,
  statx: 332, prlimit64: 302, sched_setaffinity: 203, sched_getaffinity: 204,
}); // prettier-ignore
const arm64 = () => ({
  setitimer: 103, read: 63, write: 64, close: 57, ioctl: 29, socket: 198, connect: 203, sendto: 206, recvfrom: 207, bind: 200,
  setsockopt: 208, kill: 129, fcntl: 25, flock: 32, fsync: 82, getcwd: 17, chdir: 49, rt_sigaction: 134,
  rt_sigprocmask: 135, mount: 40, umount2: 39, sethostname: 161, getdents64: 61, exit_group: 94,
  openat: 56, mkdirat: 34, unlinkat: 35, renameat: 38, linkat: 37, ppoll: 73, unshare: 97, utimensat: 88, setns: 268,
  statx: 291, prlimit64: 261, sched_setaffinity: 122, sched_getaffinity: 123,
}); // prettier-ignore

export type Syscall = keyof ReturnType<typeof x64>;

const table: Readonly<Record<Syscall, number>> = process.arch === "arm64" ? arm64() : x64();

/** An argument: a number, or bytes whose address is passed. The bytes must stay referenced during the call. */
type Argument = number | Uint8Array;

/** The raw call: the result, or minus errno as the kernel itself would return it. */
export function attempt(
  name: Syscall,
  a: Argument = 0,
  b: Argument = 0,
  c: Argument = 0,
  d: Argument = 0,
  e: Argument = 0,
  f: Argument = 0,
): number {
  // Spelt out: a function for it, called six times as often as this one, would be what makes the runtime start a compiler thread.
  const result = Number(
    symbols.syscall(
      table[name],
      typeof a === "number" ? a : ptr(a),
      typeof b === "number" ? b : ptr(b),
      typeof c === "number" ? c : ptr(c),
      typeof d === "number" ? d : ptr(d),
      typeof e === "number" ? e : ptr(e),
      typeof f === "number" ? f : ptr(f),
    ),
  );
  return result === -1 && errnoAt !== null ? -read.i32(errnoAt, 0) : result;
}

/** Where bytes are in memory, for a structure that points to them; they must stay referenced until the call. */
export const addressOf = (bytes: Uint8Array): number => Number(ptr(bytes));

/** The call, or an error that says what was being done. @throws {SysError} */
export function syscall(
  doing: string,
  name: Syscall,
  a: Argument = 0,
  b: Argument = 0,
  c: Argument = 0,
  d: Argument = 0,
  e: Argument = 0,
  f: Argument = 0,
): number {
  const result = attempt(name, a, b, c, d, e, f);
  if (result < 0) throw new SysError(name, -result, doing);
  return result;
}

const utf8 = new TextEncoder();

/** A C string. @throws {SysError} EINVAL if it contains NUL */
export function cString(text: string): Uint8Array {
  if (text.includes("\0")) throw new SysError("cString", E.EINVAL, `pass ${JSON.stringify(text)} to the kernel`);
  return utf8.encode(`${text}\0`);
}

/**
 * An array of C strings as `execve` takes it; `keep` must stay referenced until the call. All are encoded at once: one by one
 * an environment is work enough for the runtime to start a compiler thread, which costs more than the rest.
 * @throws {SysError} EINVAL if one contains NUL
 */
export function cStringArray(texts: readonly string[]): { readonly pointers: Uint8Array; readonly keep: Uint8Array } {
  const keep = utf8.encode(`${texts.join("\0")}\0`);
  const pointers = new BigUint64Array(texts.length + 1);
  const base = ptr(keep);
  let at = 0;
  for (let i = 0; i < texts.length; i++) {
    pointers[i] = BigInt(base + at);
    at = keep.indexOf(0, at) + 1;
  }
  if (texts.length > 0 && at !== keep.length)
    throw new SysError("cStringArray", E.EINVAL, "pass a text with NUL to the kernel");
  return { pointers: new Uint8Array(pointers.buffer), keep };
}

/**
 * execvp(3), or execvpe(3) with an environment: the search in PATH is done by libc, because doing it here is work enough for the
 * runtime to start a compiler thread. Bound only when needed. Returns errno, or not at all.
 */
export function execvp(argv: Uint8Array, program: Uint8Array, envp?: Uint8Array): number {
  const { ptr: pointer, i32 } = FFIType;
  if (envp === undefined) {
    dlopen("libc.so.6", { execvp: { args: [pointer, pointer], returns: i32 } }).symbols.execvp(program, argv);
  } else {
    const definition = { execvpe: { args: [pointer, pointer, pointer], returns: i32 } } as const;
    dlopen("libc.so.6", definition).symbols.execvpe(program, argv, envp);
  }
  return errnoAt === null ? 0 : read.i32(errnoAt, 0);
}

/**
 * localtime(3), which knows TZ and /etc/localtime: seconds, minutes and hours. The runtime's own dates take 7 ms to load for it.
 * Bound only when needed.
 */
export function localtime(seconds: number): readonly [second: number, minute: number, hour: number] {
  const { symbols: late } = dlopen("libc.so.6", { localtime: { args: [FFIType.ptr], returns: FFIType.ptr } });
  const time = new BigInt64Array([BigInt(seconds)]);
  const tm = late.localtime(ptr(time));
  // struct tm of time.h begins with tm_sec, tm_min, tm_hour.
  return tm === null ? [0, 0, 0] : [read.i32(tm, 0), read.i32(tm, 4), read.i32(tm, 8)];
}
