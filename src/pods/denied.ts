import { OpError } from "../kernel/index.ts";
import { SysError } from "../sys/index.ts";
import { PodsError } from "./error.ts";

const privilege: ReadonlySet<string> = new Set(["EPERM", "EACCES"]);

/** Says of what this user may not do who may. Other errors stay what they are. */
export function podsErrorOf(error: unknown): unknown {
  const isDenied =
    (error instanceof OpError && error.code === "denied") || (error instanceof SysError && privilege.has(error.code));
  if (!isDenied) return error;
  const advice =
    process.geteuid?.() === 0
      ? "root needs CAP_NET_ADMIN, CAP_NET_RAW and CAP_SYS_ADMIN for it, which a container may have taken away"
      : "run it as root: pods are on this machine itself; an ordinary user can have labs (netloom up)";
  return new PodsError("denied", error.message, advice, error);
}

/** Runs `body`; what it may not do becomes a {@link PodsError}. */
export async function askingForRoot<T>(body: () => T | Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw podsErrorOf(error);
  }
}
