/**
 * Every command that runs in a pod gets its own /sys, so its own mount namespace, so a copy of the mount table. Each
 * pinned namespace is a mount: with thousands of pods the copy alone takes 15 ms (`ip netns exec` shows it). The view
 * is a pinned mount namespace that looks like the host but without the pins; copying that stays cheap.
 */
import {
  CLONE,
  MS,
  type NsFd,
  SysError,
  bindMount,
  changeFolder,
  createFile,
  enterForGood,
  exitNow,
  identity,
  identityOfFd,
  listDir,
  makeDir,
  mount,
  onSomeProcessor,
  openOwn,
  removeEmptyFolder,
  removeFile,
  tryOpenFile,
  unmount,
  unshareForGood,
  workingFolder,
} from "../sys/index.ts";
import { NETNS_DIR, UTSNS_DIR, isNamespace } from "./pins.ts";

/** Up to this many pins a plain copy costs under a millisecond, and commands see /run/netns as on the host. */
const FEW_PINS = 256;

/** The folder must be a private mount: the kernel refuses to pin a mount namespace where it would propagate. */
const VIEW_DIR = "/run/netloom.view";
const VIEW = `${VIEW_DIR}/mnt`;

/** Are there so many pins that commands should start from a view? Then {@link prepareView} makes one. */
export function manyPins(): boolean {
  return listDir(NETNS_DIR).length > FEW_PINS;
}

/**
 * Makes the view unless it is there. Linux 6.18 pins a mount namespace only where its id is higher than the own one's
 * (mnt_ns_loop of fs/namespace.c), and each processor gives ids of its own: where ours was made the next is higher.
 * `false` where the kernel refuses to pin it all the same: commands then copy the whole table, which is slower and nothing else.
 * @throws {SysError}
 */
export function prepareView(): boolean {
  if (viewExists()) return true;
  makeDir(VIEW_DIR, 0o700);
  bindMount(VIEW_DIR, VIEW_DIR);
  mount("", VIEW_DIR, "none", MS.PRIVATE);
  createFile(VIEW);
  let pinned = false;
  try {
    pinned = pinNew() || onSomeProcessor(pinNew);
  } finally {
    if (!pinned) removeView();
  }
  return pinned;
}

/** Makes a mount namespace without the pins and pins it; `false` if its id is too low for that. */
function pinNew(): boolean {
  const folder = folderIfAny();
  using home = openOwn("mnt");
  unshareForGood(CLONE.FS | CLONE.NEWNS, "make the view for commands in pods");
  using made = openOwn("mnt");
  try {
    mount("", "/", "none", MS.SLAVE | MS.REC);
    for (const pins of [NETNS_DIR, UTSNS_DIR]) while (unmount(pins));
  } finally {
    comeBack(home);
    if (folder !== undefined) changeFolder(folder);
  }
  try {
    bindMount(`/proc/self/fd/${made.number}`, VIEW);
    return true;
  } catch (error) {
    if (error instanceof SysError && error.code === "EINVAL") return false;
    throw error;
  }
}

/** As `inside` does: a process that sees foreign mounts must not go on. */
function comeBack(home: NsFd): void {
  try {
    enterMounts(home, "return to the mount namespace");
  } catch (error) {
    exitNow(70, `netloom: ${String(error)}; stopping at once`);
  }
}

/**
 * A thread that shares its working folder with others may not change its mount namespace (EINVAL). The runtime starts threads
 * when it likes, and each shares that of the one that started it: so again, if one came between the two calls.
 */
function enterMounts(target: NsFd, doing: string): void {
  for (let left = 10; ; left--) {
    unshareForGood(CLONE.FS, "leave the shared working folder");
    try {
      enterForGood(target, CLONE.NEWNS, doing);
      return;
    } catch (error) {
      if (left === 0 || !(error instanceof SysError && error.code === "EINVAL")) throw error;
    }
  }
}

/** Removes the view. Commands that run keep theirs. */
export function removeView(): void {
  unmount(VIEW);
  removeFile(VIEW);
  unmount(VIEW_DIR);
  // Left in place if something else put a file there.
  removeEmptyFolder(VIEW_DIR);
}

/**
 * Moves this process to a mount namespace of its own for good: a copy of the view where there is one, else of the host's. The
 * caller goes on to `execve`. @throws {SysError}
 */
export function enterView(): void {
  using view = tryOpenFile(VIEW);
  const folder = view === undefined ? undefined : folderIfAny();
  if (view !== undefined && isNamespace(identityOfFd(view))) enterMounts(view, "enter the view");
  unshareForGood(CLONE.NEWNS, "make a mount namespace");
  mount("", "/", "none", MS.SLAVE | MS.REC);
  if (folder !== undefined) changeFolder(folder);
}

/** The working folder; one that was deleted meanwhile cannot be found again in another mount namespace. */
function folderIfAny(): string | undefined {
  try {
    return workingFolder();
  } catch (error) {
    if (error instanceof SysError && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function viewExists(): boolean {
  const id = identity(VIEW);
  return id !== undefined && isNamespace(id);
}
