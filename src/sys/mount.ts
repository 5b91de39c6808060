import { E, SysError } from "./errno.ts";
import { attempt, cString, syscall } from "./libc.ts";

/** Mount flags of linux/mount.h. */
export const MS = {
  RDONLY: 1,
  NOSUID: 2,
  NODEV: 4,
  NOEXEC: 8,
  BIND: 0x1000,
  REC: 0x4000,
  PRIVATE: 0x40000,
  SLAVE: 0x80000,
  SHARED: 0x100000,
} as const;

/** mount(2). @throws {SysError} */
export function mount(source: string, target: string, type: string, flags: number, data = ""): void {
  syscall(
    `mount ${type || source} on ${target}`,
    "mount",
    cString(source),
    cString(target),
    cString(type),
    flags,
    cString(data),
  );
}

/** Binds `source` over `target`. @throws {SysError} */
export function bindMount(source: string, target: string, flags = 0): void {
  mount(source, target, "none", MS.BIND | flags);
}

const MNT_DETACH = 2;

/** Takes the topmost mount off `target`, also while it is in use; `false` where nothing is mounted there. @throws {SysError} */
export function unmount(target: string): boolean {
  const result = attempt("umount2", cString(target), MNT_DETACH);
  if (result >= 0) return true;
  if (-result === E.EINVAL || -result === E.ENOENT) return false;
  throw new SysError("umount2", -result, `unmount ${target}`);
}

/** Makes a folder its own mount point with shared propagation, as `ip netns` does with /run/netns. @throws {SysError} */
export function shareFolder(path: string): void {
  const shared = attempt("mount", cString(""), cString(path), cString("none"), MS.SHARED | MS.REC, 0);
  if (shared >= 0) return;
  if (-shared !== E.EINVAL) throw new SysError("mount", -shared, `share the mounts below ${path}`);
  bindMount(path, path, MS.REC);
  mount("", path, "none", MS.SHARED | MS.REC);
}
