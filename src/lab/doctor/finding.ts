/** Three answers: it is there, it is not, or nobody could find out. */
export type Verdict = "ok" | "missing" | "unknown";

/** One thing that `doctor` looked at. */
export interface Finding {
  /** Stable, for programs: `link.vxlan`, `limit.files`. */
  readonly id: string;
  readonly topic: "privileges" | "links" | "queueing" | "switches" | "limits" | "host";
  readonly verdict: Verdict;
  readonly says: string;
  /** What the kernel is to be built with. */
  readonly option?: string;
  /** What to do about it: a command line where there is one. */
  readonly fix?: string;
  /** The lab in question, or a basic one, cannot be without. */
  readonly required: boolean;
}

/** All findings; `ready` when nothing that is required is missing. */
export interface DoctorReport {
  readonly schemaVersion: 1;
  readonly ready: boolean;
  readonly findings: readonly Finding[];
}

/** A report of findings. */
export function reportOf(findings: readonly Finding[]): DoctorReport {
  return {
    schemaVersion: 1,
    ready: findings.every(({ required, verdict }) => !required || verdict !== "missing"),
    findings,
  };
}
