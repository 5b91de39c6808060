import { OpError } from "../kernel/index.ts";
import { NetnsError } from "../netns/index.ts";
import { LabError } from "./error.ts";

const codeOfOp = { denied: "denied", unsupported: "unsupported", exists: "conflict", refused: "failed" } as const;

const privilege = new Set(["EPERM", "EACCES", "EROFS"]);

/** A system call that was refused, ours or the runtime's. */
interface Refused extends Error {
  readonly code: string;
}

function isRefused(error: unknown): error is Refused {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string";
}

/** What a lower room threw, in the words of labs: what was tried, why not, and what to do. Other errors stay what they are. */
export function labErrorOf(doing: string, error: unknown): unknown {
  if (error instanceof OpError) {
    const advice = error.code === "denied" ? `; ${asRoot}` : "";
    return new LabError(codeOfOp[error.code], `${doing}: ${error.message}${advice}`, error);
  }
  if (error instanceof NetnsError) {
    return new LabError(error.code === "missing" ? "not-found" : "conflict", `${doing}: ${error.message}`, error);
  }
  if (!isRefused(error)) return error;
  if (!privilege.has(error.code)) return new LabError("failed", `${doing}: ${error.message}`, error);
  return new LabError("denied", `${doing}: ${error.message}; ${asRoot}`, error);
}

const asRoot =
  "run it as root, or as an ordinary user let netloom make a user namespace ('netloom doctor' tells what forbids it)";

/** Runs `body`; what lower rooms throw becomes a {@link LabError}. */
export function explaining<T>(doing: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw labErrorOf(doing, error);
  }
}

/** As {@link explaining}, for what takes time. */
export async function explainingLater<T>(doing: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw labErrorOf(doing, error);
  }
}

/**
 * Runs what writes down a lab's state. @throws {LabError} `denied` or `failed` where the disk does not take it: nothing else was
 * done by then
 */
export function writingDown<T>(lab: string, folder: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!isRefused(error)) throw error;
    const full = error.code === "ENOSPC" || error.code === "EDQUOT";
    const advice = full ? `make room in ${folder}, or` : `see to it that ${folder} can be written, or`;
    const code = privilege.has(error.code) ? "denied" : "failed";
    throw new LabError(
      code,
      `the state of lab ${lab} cannot be written down, so nothing was changed: ${error.message}; ${advice} set NETLOOM_STATE_DIR to another folder`,
      error,
    );
  }
}
