import { E, SysError, identity, listDir, readSmall } from "../sys/index.ts";
import { netnsPath } from "./pins.ts";

/** A process that runs in a namespace, which therefore outlives its name. */
export interface Holder {
  readonly netns: string;
  readonly pid: number;
  /** The command's name, up to 15 bytes. */
  readonly command: string;
}

/** The processes that run in these pinned namespaces, as far as the caller may look at them. */
export function holdersOf(names: readonly string[]): Holder[] {
  const wanted = new Map(names.map((name) => [identity(netnsPath(name)), name]));
  wanted.delete(undefined);
  return listDir("/proc").flatMap((entry) => {
    const pid = Number(entry);
    const netns = Number.isInteger(pid) ? wanted.get(namespaceOf(pid)) : undefined;
    return netns === undefined ? [] : [{ netns, pid, command: readSmall(`/proc/${pid}/comm`) ?? "?" }];
  });
}

/** `undefined` for a process that is gone or another user's. */
function namespaceOf(pid: number): string | undefined {
  try {
    return identity(`/proc/${pid}/ns/net`);
  } catch (error) {
    if (error instanceof SysError && (error.errno === E.EACCES || error.errno === E.ESRCH || error.errno === E.EPERM))
      return undefined;
    throw error;
  }
}
