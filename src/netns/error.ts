/** A namespace that cannot be made, found or entered. */
export class NetnsError extends Error {
  override readonly name = "NetnsError";
  readonly code: "exists" | "missing" | "hollow" | "bad-name";
  readonly netns: string;

  constructor(code: NetnsError["code"], netns: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.netns = netns;
  }
}
