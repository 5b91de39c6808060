import { errnoName, errnoSentence } from "../sys/index.ts";
import { WireError } from "../wire/index.ts";

/** What the kernel said about one request, besides yes. */
export interface Refusal {
  /** Positive errno. */
  readonly errno: number;
  /** The kernel's own sentence (NLMSGERR_ATTR_MSG). */
  readonly sentence?: string;
  /** The attribute it objects to, e.g. `linkinfo.data.id` (NLMSGERR_ATTR_OFFS). */
  readonly path?: string;
  /** An attribute it misses, by number (NLMSGERR_ATTR_MISS_TYPE). */
  readonly missing?: number;
}

/** A request that the kernel refused, or an exchange that went wrong. `code` is the errno name or one of ours. */
export class NetlinkError extends Error {
  override readonly name = "NetlinkError";
  /** `EEXIST` …; `interrupted` after too many changed dumps; `protocol` for an answer that makes no sense. */
  readonly code: string;
  readonly refusal: Refusal | undefined;
  /** What was being done, in the user's words. */
  readonly doing: string;

  constructor(
    doing: string,
    problem: Refusal | { readonly code: "interrupted" | "protocol"; readonly sentence: string },
  ) {
    super(`${doing}: ${describe(problem)}`);
    this.doing = doing;
    this.refusal = "errno" in problem ? problem : undefined;
    this.code = "errno" in problem ? errnoName(problem.errno) : problem.code;
  }
}

/** The same error; what does not fit its table says what was being done. */
export function whileDoing(doing: string, error: unknown): unknown {
  if (error instanceof WireError) error.message = `${doing}: ${error.message}`;
  return error;
}

/** A refusal in words: the kernel's own sentence, errno's, its name, and the attribute. */
export function describe(problem: Refusal | { readonly code: string; readonly sentence: string }): string {
  if (!("errno" in problem)) return problem.sentence;
  const own = problem.sentence === undefined ? "" : `${problem.sentence} - `;
  const at = problem.path === undefined ? "" : `, attribute ${problem.path}`;
  const missing = problem.missing === undefined ? "" : `, attribute number ${problem.missing} is missing`;
  return `${own}${errnoSentence(problem.errno)} (${errnoName(problem.errno)}${at}${missing})`;
}
