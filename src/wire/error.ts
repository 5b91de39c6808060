/** Bytes that are not what their table says, or a value that its table cannot carry. */
export class WireError extends Error {
  override readonly name = "WireError";
  /** `short`/`long`: payload of the wrong size; `overflow`: does not fit 16-bit length or its field; `bad-value`: refused by the codec. */
  readonly code: "short" | "long" | "overflow" | "bad-value";
  /** What is wrong, without the place. */
  readonly reason: string;
  /** Attribute names from the outside in, e.g. `["linkinfo", "data", "id"]`. */
  readonly path: readonly string[];
  /** Byte offset in the buffer that was read, when there is one. */
  readonly offset: number | undefined;

  constructor(code: WireError["code"], reason: string, path: readonly string[] = [], offset?: number) {
    const where = path.length > 0 ? `${path.join(".")}: ` : "";
    super(`${where}${reason}${offset === undefined ? "" : ` (at byte ${offset})`}`);
    this.code = code;
    this.reason = reason;
    this.path = path;
    this.offset = offset;
  }

  /** The same error seen from one level further out. */
  within(name: string): WireError {
    return new WireError(this.code, this.reason, [name, ...this.path], this.offset);
  }
}
