/** A matrix that cannot be run as asked. */
export class ProbeError extends Error {
  override readonly name = "ProbeError";
  readonly code: "bad-size" | "bad-count";

  constructor(code: ProbeError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
