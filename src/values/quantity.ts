import { ValueError } from "./error.ts";

type Units = Readonly<Record<string, number>>;

/** Bits per unit, as tc(8) RATES has them: `bit` counts bits and `bps` bytes, per second. */
const rateUnits: Units = {
  bit: 1,
  kbit: 1e3,
  mbit: 1e6,
  gbit: 1e9,
  tbit: 1e12,
  kibit: 2 ** 10,
  mibit: 2 ** 20,
  gibit: 2 ** 30,
  tibit: 2 ** 40,
  bps: 8,
  kbps: 8e3,
  mbps: 8e6,
  gbps: 8e9,
  tbps: 8e12,
  kibps: 8 * 2 ** 10,
  mibps: 8 * 2 ** 20,
  gibps: 8 * 2 ** 30,
  tibps: 8 * 2 ** 40,
};

/** Microseconds per unit, as tc(8) TIMES has them. */
const durationUnits: Units = {
  us: 1,
  usec: 1,
  usecs: 1,
  ms: 1e3,
  msec: 1e3,
  msecs: 1e3,
  s: 1e6,
  sec: 1e6,
  secs: 1e6,
};

/**
 * Reads a rate like `10mbit`, in any case, as whole bytes per second, rounded. As in tc(8), `mbps` is mega*bytes*; a
 * bare number, bits to tc, is refused as ambiguous. Throws {@link ValueError} `bad-quantity`.
 */
export function parseRate(text: string): number {
  return parseScaled(text, "rate", "10mbit", rateUnits, 8);
}

/**
 * The rate in the largest decimal bit unit it has one of: `10mbit`, `1.5gbit`. Takes bytes per second; throws
 * {@link ValueError} `bad-quantity` unless finite and not negative.
 */
export function formatRate(bytesPerSecond: number): string {
  return formatScaled(bytesPerSecond * 8, "rate", rateUnits, ["tbit", "gbit", "mbit", "kbit", "bit"]);
}

/**
 * Reads a time like `10ms`, in any case, as whole microseconds, rounded. A bare number is refused as ambiguous. Throws
 * {@link ValueError} `bad-quantity`.
 */
export function parseDuration(text: string): number {
  return parseScaled(text, "duration", "10ms", durationUnits, 1);
}

/**
 * The time in the largest unit it has one of: `10ms`, `1.5s`. Takes microseconds; throws {@link ValueError}
 * `bad-quantity` unless finite and not negative.
 */
export function formatDuration(microseconds: number): string {
  return formatScaled(microseconds, "duration", durationUnits, ["s", "ms", "us"]);
}

/** Reads `0%` to `100%` as a number from 0 to 1. Throws {@link ValueError} `bad-quantity`. */
export function parsePercent(text: string): number {
  const percent = /^\d+(?:\.\d+)?(?=%$)/.exec(text)?.[0];
  if (percent === undefined || Number(percent) > 100) {
    throw bad(text, "percentage", "write a number from 0 to 100 and %, like 0.5%");
  }
  return Number(percent) / 100;
}

/** The percentage of a number from 0 to 1, `0.5%`, to 10 decimals. Throws {@link ValueError} `bad-quantity`. */
export function formatPercent(fraction: number): string {
  if (!(fraction >= 0 && fraction <= 1)) throw bad(String(fraction), "fraction", "give a number from 0 to 1");
  return `${decimal(fraction * 100, 10)}%`;
}

function parseScaled(text: string, noun: string, example: string, units: Units, divisor: number): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([a-z]+)$/i.exec(text) ?? [];
  const name = (unit ?? "").toLowerCase();
  const scale = Object.hasOwn(units, name) ? units[name] : undefined;
  if (amount === undefined || scale === undefined) {
    const names = Object.keys(units).join(", ");
    throw bad(text, noun, `write a number and a unit, like ${example}; the units are ${names}`);
  }
  const value = Math.round((Number(amount) * scale) / divisor);
  if (!Number.isSafeInteger(value)) throw bad(text, noun, "it is too large to count exactly; write less");
  if (value === 0 && Number(amount) > 0) throw bad(text, noun, "it is too small, it would count as 0; write more");
  return value;
}

function formatScaled(value: number, noun: string, units: Units, names: readonly string[]): string {
  if (!(value >= 0 && Number.isFinite(value))) {
    throw bad(String(value), noun, "give a finite number that is not negative");
  }
  const name = names.find((unit) => value >= (units[unit] ?? 1)) ?? names.at(-1) ?? "";
  return `${decimal(value / (units[name] ?? 1), 12)}${name}`;
}

/** Decimal notation without an exponent and without trailing zeros. */
function decimal(n: number, digits: number): string {
  return n.toFixed(digits).replace(/\.?0+$/, "");
}

function bad(text: string, noun: string, fix: string): ValueError {
  return new ValueError("bad-quantity", text, `"${text}" is not a ${noun}: ${fix}`);
}
