import { SysError } from "../sys/index.ts";
import { IpamError } from "./error.ts";

/** Does something to files of `folder`; a refusal becomes an error that says what to do. @throws {IpamError} storage */
export function onDisk<T>(folder: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    throw new IpamError(
      "storage",
      `the address reservations in ${folder} cannot be used: ${error.message}`,
      folder,
      remedies[error.code] ?? "check this folder, or name another as ipam.dataDir",
      { cause: error },
    );
  }
}

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: "free some space (or inodes) on its file system",
  EDQUOT: "free some space: the quota of its file system is used up",
  EROFS: "its file system is read-only: mount it writable, or name a folder on another as ipam.dataDir",
  EACCES: "the plugin needs to read and write it: run it as root, or correct the folder's owner and mode",
  EPERM: "the plugin needs to read and write it: run it as root, or correct the folder's owner, mode and attributes",
  ENOTDIR: "something on this path is a file: remove it, or name another folder as ipam.dataDir",
  EISDIR: "a folder stands where a file must be: remove it",
  ELOOP: "its symbolic links lead in a circle: correct them",
  EIO: "its disk has a fault: see the kernel's log",
  EMFILE: "this process may not open more files: raise its limit (ulimit -n)",
  ENFILE: "the system may not open more files: raise fs.file-max",
  ENAMETOOLONG: "give the network a shorter name, or ipam.dataDir a shorter path",
};
