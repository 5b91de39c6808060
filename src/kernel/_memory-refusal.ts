/** What the kernel would answer instead of doing it; `run` makes an OpError of it. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly errno:
    | "EEXIST"
    | "ENODEV"
    | "ENOENT"
    | "ESRCH"
    | "EBUSY"
    | "EINVAL"
    | "ENETDOWN"
    | "ENETUNREACH"
    | "EHOSTUNREACH"
    | "EADDRNOTAVAIL"
    | "EOPNOTSUPP"
    | "ELOOP";

  constructor(errno: Refusal["errno"], reason: string) {
    super(`${errno}: ${reason}`);
    this.errno = errno;
  }
}

export function refuse(errno: Refusal["errno"], reason: string): never {
  throw new Refusal(errno, reason);
}
