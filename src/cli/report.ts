import { type ExitCode, exitCodeOf } from "./exit-codes.ts";
import { say } from "./say.ts";

/** Says on standard error what went wrong, for people; the stack only with `NETLOOM_DEBUG=1`. Returns the exit code. */
export function report(error: unknown): ExitCode {
  // Not console.error, which paints on terminals whatever --no-color says.
  say(textOf(error));
  if (process.env["NETLOOM_DEBUG"] === "1") console.error(error);
  return exitCodeOf(error);
}

/** `netloom: …`, with a second line for the hint. */
export function textOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint = hintOf(error);
  const lines = [...message.split("\n"), ...(hint === undefined ? [] : [`  ${hint}`])];
  const known = error instanceof Error && exitCodeOf(error) !== 1;
  const debug = known || isOurs(error) ? [] : ["  this is a fault of netloom; NETLOOM_DEBUG=1 shows where"];
  return [...lines.map((line, at) => (at === 0 || isIssueList(error) ? `netloom: ${line}` : line)), ...debug].join(
    "\n",
  );
}

/** What CNI calls details is a hint as well. */
function hintOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("hint" in error && typeof error.hint === "string") return error.hint;
  return error.name === "CniError" && "details" in error && typeof error.details === "string"
    ? error.details
    : undefined;
}

/** A wrong lab file may have many problems, a line each. */
function isIssueList(error: unknown): boolean {
  return error instanceof Error && error.name === "LabFileError";
}

const ours = new Set([
  "CniError",
  "GcError",
  "LabError",
  "OpError",
  "NetlinkError",
  "SysError",
  "ProbeError",
  "NetnsError",
  "PodsError",
  "XclusterError",
]);
function isOurs(error: unknown): boolean {
  return error instanceof Error && (ours.has(error.name) || "syscall" in error);
}
