import {
  CLONE,
  type NsFd,
  SysError,
  bindMount,
  createFile,
  enterNew,
  excursion,
  identity,
  listDir,
  makeDir,
  openFile,
  removeFile,
  setHostname,
  shareFolder,
  tryOpenFile,
  unmount,
} from "../sys/index.ts";
import { NetnsError } from "./error.ts";

/** Where `ip netns` looks (iproute2, NETNS_RUN_DIR). */
export const NETNS_DIR = "/run/netns";
/** Where the UTS twins are pinned, as xcluster's netns_test does. */
export const UTSNS_DIR = "/run/utsns";

/** Files of one pinned namespace. @throws {NetnsError} `bad-name` for what is no name of a file there */
export const netnsPath = (name: string): string => fileIn(NETNS_DIR, name);
export const utsnsPath = (name: string): string => fileIn(UTSNS_DIR, name);

/** Names come from command lines, and what stands under them is unmounted and removed: they never lead out of the folder. */
function fileIn(folder: string, name: string): string {
  if (name !== "" && name !== "." && name !== ".." && !name.includes("/")) return `${folder}/${name}`;
  const why = name === "" ? "it is empty" : name.includes("/") ? 'it contains "/"' : "it is a folder";
  throw new NetnsError("bad-name", name, `there can be no namespace ${JSON.stringify(name)} in ${NETNS_DIR}: ${why}`);
}

/** A namespace to be made. */
export interface NewNetns {
  readonly name: string;
  readonly hostname: string;
}

/** Names of all pinned namespaces, whoever made them. */
export function listNetns(): string[] {
  return listDir(NETNS_DIR);
}

/** Is a name free, pinned, or a file without a namespace (left by a crash between the two steps)? */
export function pinState(name: string): "free" | "pinned" | "hollow" {
  const file = identity(netnsPath(name));
  if (file === undefined) return "free";
  return isNamespace(file) ? "pinned" : "hollow";
}

let nsfs: string | undefined;
/** A pinned namespace is on the nsfs device, whose number is that of our own namespace's file. */
export function isNamespace(id: string): boolean {
  nsfs ??= deviceOf(identity("/proc/thread-self/ns/net") ?? "");
  return deviceOf(id) === nsfs;
}
const deviceOf = (id: string): string => id.slice(0, id.lastIndexOf(":"));

/** Opens a pinned namespace. @throws {NetnsError} `missing`, `hollow` */
export function openNetns(name: string): NsFd {
  const fd = tryOpenNetns(name);
  if (fd !== undefined) return fd;
  const state = pinState(name);
  throw state === "hollow"
    ? new NetnsError("hollow", name, `${netnsPath(name)} is a plain file, no namespace is behind it; remove it`)
    : new NetnsError("missing", name, `there is no namespace ${name} in ${NETNS_DIR}; 'ip netns' lists those that are`);
}

/** Opens a pinned namespace, or answers `undefined` where there is none of that name. */
export function tryOpenNetns(name: string): NsFd | undefined {
  return pinState(name) === "pinned" ? openFile(netnsPath(name)) : undefined;
}

/** Opens the UTS twin, where there is one (a namespace made by `ip netns` has none). */
export function tryOpenUts(name: string): NsFd | undefined {
  const id = identity(utsnsPath(name));
  return id !== undefined && isNamespace(id) ? tryOpenFile(utsnsPath(name)) : undefined;
}

/**
 * Makes namespaces, each with its UTS twin. `setUp` runs inside each new one before it gets its name: what it does is
 * there when others can see the namespace. `after` is called when it has its name. A failure takes back the one that failed; those before it stay.
 * @throws {NetnsError} `exists` where the name is taken; {@link SysError}, or what `setUp` throws
 */
export function createNetns(
  wanted: readonly NewNetns[],
  setUp: (made: NewNetns, index: number) => void = () => undefined,
  after: () => void = () => undefined,
): void {
  if (wanted.length === 0) return;
  prepareFolders();
  excursion(() => {
    wanted.forEach((one, index) => {
      createOne(one, () => setUp(one, index));
      after();
    });
  });
}

let prepared = false;
function prepareFolders(): void {
  if (prepared) return;
  for (const folder of [NETNS_DIR, UTSNS_DIR]) {
    makeDir(folder);
    shareFolder(folder);
  }
  prepared = true;
}

function createOne({ name, hostname }: NewNetns, setUp: () => void): void {
  claim(name);
  try {
    enterNew(CLONE.NEWNET | CLONE.NEWUTS);
    setHostname(hostname);
    setUp();
    bindMount("/proc/thread-self/ns/uts", utsnsPath(name));
    bindMount("/proc/thread-self/ns/net", netnsPath(name));
  } catch (error) {
    unpin(netnsPath(name));
    unpin(utsnsPath(name));
    throw error;
  }
}

/** Takes both names; a hollow UTS file of ours is used again, a namespace's name never. */
function claim(name: string): void {
  try {
    createFile(netnsPath(name));
  } catch (error) {
    if (!(error instanceof SysError && error.code === "EEXIST")) throw error;
    throw new NetnsError("exists", name, `${netnsPath(name)} exists already; it was left untouched`, error);
  }
  if (identity(utsnsPath(name)) === undefined) createFile(utsnsPath(name));
}

/** Removes the pins of a namespace; it ends when its last process and descriptor are gone. Absent is fine. */
export function deleteNetns(name: string): void {
  unpin(netnsPath(name));
  unpin(utsnsPath(name));
}

/** Several mounts may lie over each other (xcluster's original makes two): all go. */
function unpin(path: string): void {
  while (unmount(path));
  removeFile(path);
}
