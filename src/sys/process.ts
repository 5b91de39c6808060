import { SysError } from "./errno.ts";
import { attempt, cString, cStringArray, execvp, syscall } from "./libc.ts";

/** Ends the process now, without exit handlers; `last` goes to standard error before. */
export function exitNow(code: number, last?: string): never {
  if (last !== undefined) {
    const note = cString(`${last}\n`);
    attempt("write", 2, note, note.length - 1);
  }
  attempt("exit_group", code);
  throw new TypeError("unreachable");
}

/** Sends a signal. @throws {SysError} ESRCH when there is no such process */
export function signal(pid: number, number: number): void {
  syscall(`signal process ${pid}`, "kill", pid, number);
}

/**
 * Replaces this process by a program: same pid, so exit status and signals are the program's own. Signals are put back to what
 * a shell's child starts with; the environment is this process's own unless another is given. Returns only by throwing.
 * @throws {SysError} ENOENT (not found in PATH), EACCES (not executable)
 */
export function exec(command: readonly string[], environment?: Readonly<Record<string, string | undefined>>): never {
  const program = command[0] ?? "";
  resetSignals();
  const argv = cStringArray(command);
  const envp = environment === undefined ? undefined : cStringArray(assignments(environment));
  const refused = execvp(argv.pointers, cString(program), envp?.pointers);
  void argv.keep;
  void envp?.keep;
  throw new SysError("execve", refused, `run ${program}`);
}

function assignments(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
}

/** What the runtime ignores for itself (SIGPIPE, SIGXFSZ). */
const IGNORED_BY_RUNTIME = [13, 25];

/**
 * Only what is ignored, and the mask, are inherited across execve (signal(7)); handlers end there. What the caller ignored, as
 * nohup does, stays so.
 */
function resetSignals(): void {
  attempt("rt_sigprocmask", 2, new Uint8Array(8), 0, 8);
  // struct kernel_sigaction, all zero: SIG_DFL.
  const byDefault = new Uint8Array(32);
  for (const number of IGNORED_BY_RUNTIME) attempt("rt_sigaction", number, byDefault, 0, 8);
}

/**
 * Sends this process SIGALRM after some time, also when it has become another program by then: that ends one that does not expect it
 * (exit code 142 to a shell). @throws {SysError}
 */
export function alarmAfter(seconds: number): void {
  const whole = Math.floor(seconds);
  // struct itimerval of linux/time.h: interval, then value, each in seconds and microseconds.
  const times = new BigInt64Array([0n, 0n, BigInt(whole), BigInt(Math.round((seconds - whole) * 1e6))]);
  syscall("set an alarm", "setitimer", ITIMER_REAL, new Uint8Array(times.buffer), 0);
}
const ITIMER_REAL = 0;

/** The working folder. @throws {SysError} ENOENT when it was deleted meanwhile */
export function workingFolder(): string {
  const buffer = new Uint8Array(4096);
  const length = syscall("ask for the working folder", "getcwd", buffer, buffer.length);
  return new TextDecoder().decode(buffer.subarray(0, length - 1));
}

/** Goes to a folder. @throws {SysError} */
export function changeFolder(path: string): void {
  syscall(`go to folder ${path}`, "chdir", cString(path));
}

const RLIMIT_NOFILE = 7;

/** Raises the number of files this process may open to what it is allowed; returns that number. */
export function raiseFileLimit(): number {
  const limits = new BigUint64Array(2);
  const bytes = new Uint8Array(limits.buffer);
  syscall("ask for the file limit", "prlimit64", 0, RLIMIT_NOFILE, 0, bytes);
  const [soft = 0n, hard = 0n] = limits;
  if (soft < hard) {
    limits[0] = hard;
    if (attempt("prlimit64", 0, RLIMIT_NOFILE, bytes, 0) < 0) return Number(soft);
  }
  return Number(hard);
}

/** Calls `body` on one processor after the other, of those the thread may use, until it answers `true`. @throws {SysError} */
export function onSomeProcessor(body: () => boolean): boolean {
  const mask = new Uint8Array(1024);
  const length = syscall("ask for the processors", "sched_getaffinity", 0, mask.length, mask);
  const allowed = mask.subarray(0, length);
  try {
    for (let cpu = 0; cpu < length * 8; cpu++) {
      if (((allowed[cpu >> 3] ?? 0) & (1 << (cpu & 7))) === 0) continue;
      const one = new Uint8Array(length);
      one[cpu >> 3] = 1 << (cpu & 7);
      syscall(`move to processor ${cpu}`, "sched_setaffinity", 0, length, one);
      if (body()) return true;
    }
    return false;
  } finally {
    syscall("move to any processor", "sched_setaffinity", 0, length, allowed);
  }
}
