/** Something a person asked of a lab that cannot be done. `code` decides the exit code; the message says how to fix it. */
export class LabError extends Error {
  override readonly name = "LabError";
  /**
   * `not-found`: no such lab; `not-matched`: no such node or pod; `locked`: another netloom works on it; `conflict`: something
   * that is not ours has the name; `denied`: missing privilege; `unsupported`: missing kernel feature; `failed`: the kernel
   * refused and all was undone; `partial`: some of it is done, the same command goes on; `interrupted`: stopped by a signal and undone.
   */
  readonly code:
    | "not-found"
    | "not-matched"
    | "locked"
    | "conflict"
    | "denied"
    | "unsupported"
    | "failed"
    | "partial"
    | "interrupted";

  constructor(code: LabError["code"], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
