import { XclusterError } from "./error.ts";

/** A list of numbers in an order that follows from a seed. */
export interface Shuffled {
  /** Absent where nobody knows it: another program made the list. */
  readonly seed?: string;
  readonly numbers: readonly number[];
}

/** How many numbers a list can have. */
export const MOST_NUMBERS = 1_000_000;

/** As many as xcluster's list has: the hosts of a /24. */
export const USUAL_NUMBERS = 254;

/**
 * The numbers from 1 to `count`, sorted by the SHA-256 of `SEED:NUMBER`: everywhere the same for the same seed, and anybody can
 * make it with `sha256sum` and `sort`.
 * @throws {XclusterError} `bad-list`
 */
export function shuffle(seed: string, count = USUAL_NUMBERS): Shuffled {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(seed)) {
    throw new XclusterError(
      "bad-list",
      `the seed ${JSON.stringify(seed)} cannot be written into the list`,
      "1 to 64 letters, digits, dots, dashes and underscores can",
    );
  }
  if (!Number.isInteger(count) || count < 1 || count > MOST_NUMBERS) {
    throw new XclusterError("bad-list", `a list has 1 to ${MOST_NUMBERS} numbers, not ${count}`);
  }
  const keyed = Array.from({ length: count }, (_, at) => [sha256(`${seed}:${at + 1}`), at + 1] as const);
  return { seed, numbers: keyed.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, number]) => number) };
}

function sha256(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex");
}
