/** What went wrong, stable: a range that cannot be, or a store that cannot be read or written. */
export type IpamErrorCode = "bad-range" | "storage";

/** A failure of the room; `where` is a path in the configuration or on the disk, `remedy` says how to mend it. */
export class IpamError extends Error {
  override readonly name = "IpamError";
  readonly code: IpamErrorCode;
  readonly where: string;
  readonly remedy: string;

  constructor(code: IpamErrorCode, message: string, where: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.where = where;
    this.remedy = remedy;
  }
}
