/** What kind of value was refused; stable, for callers that branch. */
export type ValueErrorCode =
  | "bad-ip"
  | "bad-prefix"
  | "bad-mac"
  | "bad-ifname"
  | "bad-template"
  | "net-too-large"
  | "host-too-large"
  | "bad-vni"
  | "bad-vlan"
  | "bad-quantity";

/** A value that cannot be what it claims to be; the message says what is wrong and how to fix it. */
export class ValueError extends Error {
  override readonly name = "ValueError";
  readonly code: ValueErrorCode;
  /** The refused input, as it was given. */
  readonly text: string;

  constructor(code: ValueErrorCode, text: string, message: string) {
    super(message);
    this.code = code;
    this.text = text;
  }
}
