/** What is wrong with what was asked of the xcluster commands; stable, for callers that branch. */
export type XclusterErrorCode =
  | "bad-variable"
  | "bad-hostname"
  | "bad-name"
  | "bad-number"
  | "bad-list"
  | "missing-list"
  | "other-list"
  | "not-matched"
  | "exhausted";

/** The xcluster commands cannot do what they were asked. The message says what is wrong and where, the hint how to mend it. */
export class XclusterError extends Error {
  override readonly name = "XclusterError";
  readonly code: XclusterErrorCode;
  readonly hint: string | undefined;

  constructor(code: XclusterErrorCode, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
