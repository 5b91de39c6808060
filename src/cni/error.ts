/** Codes of the specification (SPEC "Error"), and our own from 100. */
export const codes = {
  incompatibleVersion: 1,
  unsupportedField: 2,
  unknownContainer: 3,
  badEnvironment: 4,
  io: 5,
  undecodable: 6,
  invalidConfig: 7,
  /** Not in the specification's table: the namespace is the plugin's own (libcni). */
  badNetns: 8,
  tryAgain: 11,
  /** STATUS: not ready for ADD. */
  notAvailable: 50,
  /** STATUS: not ready, and containers that exist may suffer too. */
  notAvailableAndLimited: 51,
  /** The kernel refused. */
  kernel: 100,
  /** Something with that name is there already and is not ours, or an attachment was added twice. */
  exists: 101,
  /** Something that is needed is not there: a device, a namespace, an executable. */
  missing: 102,
  /** No address is left. */
  exhausted: 103,
  /** An address that was asked for cannot be had. */
  addressTaken: 104,
  /** CHECK found a difference. */
  checkFailed: 105,
  /** A file of ours cannot be read or written. */
  storage: 106,
  /** Another plugin failed without saying how. */
  delegate: 107,
  /** A fault of netloom's own. */
  internal: 199,
} as const;

/**
 * A failure as a CNI error object tells it. `message` says what was attempted and what is wrong, `details` where and how
 * to mend it: callers show `message; details` and drop stderr.
 */
export class CniError extends Error {
  override readonly name = "CniError";
  readonly code: number;
  readonly details: string | undefined;

  constructor(code: number, message: string, details?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}
