/** What a database answers instead of a result, or why there was no answer. */
export class OvsdbError extends Error {
  override readonly name = "OvsdbError";
  /**
   * `unreachable`: nobody listens at the socket; `closed`: the server went away; `silent`: no answer in time; `protocol`: an answer
   * that RFC 7047 does not know; `refused`: the server said no, in `reason`; `missing`: Open vSwitch is not installed; `failed`: a daemon
   * did not start.
   */
  readonly code: "unreachable" | "closed" | "silent" | "protocol" | "refused" | "missing" | "failed";
  /** The `error` of RFC 7047, section 3.1: `constraint violation`, `timed out`, `referential integrity violation` … */
  readonly reason?: string;
  /** The table that the refusal or the value is about, as far as it is known. */
  readonly table?: string;
  readonly column?: string;

  constructor(
    code: OvsdbError["code"],
    message: string,
    about: {
      readonly reason?: string;
      readonly table?: string;
      readonly column?: string;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, about.cause === undefined ? undefined : { cause: about.cause });
    this.code = code;
    if (about.reason !== undefined) this.reason = about.reason;
    if (about.table !== undefined) this.table = about.table;
    if (about.column !== undefined) this.column = about.column;
  }
}
