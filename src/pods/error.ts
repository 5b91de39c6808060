/** A command on pods that cannot be done. The message says what was attempted and what is wrong, the hint how to go on. */
export class PodsError extends Error {
  override readonly name = "PodsError";
  /**
   * `usage`: the words make no sense; `conflict`: something that is not as it shall be is in the way; `missing`: what is spoken of is
   * not there; `unreachable`: a ping was not answered; `denied`: no privilege; `failed`: anything else.
   */
  readonly code: "usage" | "conflict" | "missing" | "unreachable" | "denied" | "failed";
  readonly hint: string | undefined;

  constructor(code: PodsError["code"], message: string, hint?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
  }
}
