import type { Fd } from "./fd.ts";
import { O, identity, openFile } from "./file.ts";
import { attempt, cString, syscall } from "./libc.ts";

/** Namespace flags of linux/sched.h. */
export const CLONE = { NEWNS: 0x20000, FS: 0x200, NEWUTS: 0x4000000, NEWUSER: 0x10000000, NEWNET: 0x40000000 } as const;

/** The thread's own namespace: `/proc/self` would be the main thread's. */
const OWN = "/proc/thread-self/ns/";

/** A namespace held open: lives as long as the descriptor, at least. */
export type NsFd = Fd;

/** Opens the calling thread's namespace of a kind (`net`, `uts`, `mnt`). @throws {SysError} */
export function openOwn(kind: "net" | "uts" | "mnt"): NsFd {
  return openFile(OWN + kind, O.RDONLY);
}

/** Where the program started: made at the first use, before any namespace is entered. */
interface Home {
  readonly net: NsFd;
  readonly uts: NsFd;
  readonly netId: string;
}
let home: Home | undefined;
function atHome(): Home {
  if (home !== undefined) return home;
  warmThreads();
  const netId = identity(`${OWN}net`);
  if (netId === undefined) throw new TypeError("/proc is not mounted: namespaces cannot be entered safely");
  return (home = { net: openOwn("net"), uts: openOwn("uts"), netId });
}

/**
 * Starts the runtime's file pool now. A thread that is born while the main thread is in a foreign namespace stays in
 * it for ever, and file calls made on it later would see that namespace's /proc and /sys.
 */
function warmThreads(): void {
  if (!alone) void Bun.file("/dev/null").arrayBuffer();
}

let alone = false;

/**
 * A promise that this program, short as it is, does everything in this thread: no asynchronous file call, `fetch` or DNS. The
 * runtime's threads are then not started, and no code is compiled beside it: either costs more than it saves.
 */
export function stayInOneThread(): void {
  alone = true;
  Bun.unsafe.setJITPolicy(LATE);
}

/** How much longer than usual code runs before it is compiled. */
const LATE = 1000;

let depth = 0;

/** The ways back that are known to be open. */
const open = { net: false, uts: false };

/**
 * The way back leads home, not to where one was: so one journey at a time. It is tried before leaving: in a user namespace
 * that does not own the namespaces it was started in, the kernel lets a thread out and never in again.
 */
function leaveHome(verb: string, uts: boolean): Home {
  if (depth > 0) throw new TypeError(`${verb}() within inside() or excursion()`);
  const start = atHome();
  if (!open.net) syscall("enter another network namespace and come back", "setns", start.net.number, CLONE.NEWNET);
  open.net = true;
  if (uts && !open.uts) syscall("enter another UTS namespace and come back", "setns", start.uts.number, CLONE.NEWUTS);
  open.uts ||= uts;
  return start;
}

/**
 * Runs `body` inside a network namespace (and `uts`, if given) and comes back. Synchronous by type: an `await` inside
 * would let foreign code run there. Inside: no `fetch`, no DNS, no Worker, no async file functions.
 *
 * Comes back also when `body` throws. If the way back fails the process ends at once: a thread that is lost in a
 * foreign namespace must not do anything more.
 * @throws {SysError} EPERM without CAP_SYS_ADMIN; whatever `body` throws
 */
export function inside<T>(net: NsFd, body: () => T extends PromiseLike<unknown> ? never : T, uts?: NsFd): T {
  const start = leaveHome("inside", uts !== undefined);
  syscall("enter a network namespace", "setns", net.number, CLONE.NEWNET);
  depth++;
  try {
    if (uts !== undefined) syscall("enter a UTS namespace", "setns", uts.number, CLONE.NEWUTS);
    const result: T = body();
    if (isThenable(result)) throw new TypeError("the body of inside() must be synchronous");
    return result;
  } finally {
    depth--;
    comeHome(start, uts !== undefined);
  }
}

/**
 * Runs `body` in a scope in which it may make and enter namespaces of the thread freely (`enterNew`); comes home afterwards
 * as {@link inside} does.
 */
export function excursion<T>(body: () => T extends PromiseLike<unknown> ? never : T): T {
  const start = leaveHome("excursion", true);
  depth++;
  try {
    return body();
  } finally {
    depth--;
    comeHome(start, true);
  }
}

/** Moves the thread into fresh namespaces. Only inside {@link excursion}. @throws {SysError} EPERM, ENOSPC at the user's limit */
export function enterNew(flags: number): void {
  if (depth === 0) throw new TypeError("enterNew() outside excursion()");
  syscall("make a namespace", "unshare", flags);
}

/** Gives the calling thread's UTS namespace a host name. @throws {SysError} */
export function setHostname(name: string): void {
  const bytes = new TextEncoder().encode(name);
  syscall(`set host name ${name}`, "sethostname", bytes, bytes.length);
}

/** Leaves for good, on the way to `execve`: no way back is kept. @throws {SysError} */
export function enterForGood(fd: NsFd, flag: number, doing: string): void {
  syscall(doing, "setns", fd.number, flag);
}

/** Moves the thread into new namespaces for good. @throws {SysError} */
export function unshareForGood(flags: number, doing: string): void {
  syscall(doing, "unshare", flags);
}

function comeHome(start: Home, uts: boolean): void {
  const left = attempt("setns", start.net.number, CLONE.NEWNET);
  const leftUts = uts ? attempt("setns", start.uts.number, CLONE.NEWUTS) : 0;
  if (left < 0 || leftUts < 0 || identity(`${OWN}net`) !== start.netId) {
    const note = cString("netloom: could not return from a network namespace; stopping at once\n");
    attempt("write", 2, note, note.length - 1);
    attempt("exit_group", 70);
  }
}

function isThenable(value: unknown): boolean {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
