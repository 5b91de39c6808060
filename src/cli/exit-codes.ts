/** What the exit codes mean, everywhere. */
export const exitCodes = {
  0: "done",
  1: "failed",
  2: "usage or validation: the command line or the lab file is wrong",
  3: "there are differences (plan --exit-code)",
  4: "tests failed",
  5: "nothing matched: no such node, pod or address, or nobody to test",
  6: "missing privilege or kernel feature",
  7: "lab not found",
  8: "conflict with something that is not ours, or locked by another netloom",
  9: "partly applied: the same command goes on",
  126: "exec: the command is not executable",
  127: "exec: the command is not found",
  129: "stopped by SIGHUP (its terminal was closed)",
  130: "stopped by SIGINT (Ctrl-C)",
  143: "stopped by SIGTERM",
} as const;

export type ExitCode = keyof typeof exitCodes;

const byLabError: Readonly<Record<string, ExitCode>> = {
  "not-found": 7,
  "not-matched": 5,
  locked: 8,
  conflict: 8,
  denied: 6,
  unsupported: 6,
  failed: 1,
  partial: 9,
  interrupted: 1,
};
/** By the numbers of src/cni/error.ts. */
const byCniError: Readonly<Record<string, ExitCode>> = { 4: 2, 7: 2, 11: 8, 101: 8 };
const byOpError: Readonly<Record<string, ExitCode>> = { denied: 6, unsupported: 6, exists: 8, refused: 1 };
const byXclusterError: Readonly<Record<string, ExitCode>> = { "missing-list": 1, "other-list": 8, "not-matched": 5 };
const bySysError: Readonly<Record<string, ExitCode>> = { EPERM: 6, EACCES: 6, ENOSYS: 6, EOPNOTSUPP: 6 };

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");

const byPodsError: Readonly<Record<string, ExitCode>> = {
  usage: 2,
  conflict: 8,
  missing: 5,
  unreachable: 4,
  denied: 6,
  failed: 1,
};

/** The one place where an error becomes an exit code. By name and code, so that no room is loaded for it. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof Error)) return 1;
  const code = codeOf(error);
  switch (error.name) {
    case "UsageError":
    case "LabFileError":
    case "ValueError":
    case "ProbeError":
    case "CommanderError":
      return 2;
    case "LabError":
      return byLabError[code] ?? 1;
    case "OpError":
      return byOpError[code] ?? 1;
    case "PodsError":
      return byPodsError[code] ?? 1;
    case "XclusterError":
      return byXclusterError[code] ?? 2;
    case "ConflictError":
      return 8;
    case "CniError":
      return byCniError[code] ?? bySysError[codeOf(error.cause)] ?? 1;
    case "NetnsError":
      return code === "bad-name" ? 2 : code === "missing" ? 7 : 8;
    default:
      return bySysError[code] ?? 1;
  }
}
