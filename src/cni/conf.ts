/**
 * Reading a network configuration as Go programs do: keys match in any case, `null` is absent, unknown keys are somebody
 * else's. What is ours is read strictly; each error says at which path.
 */
import {
  type Ip,
  type Mac,
  type Prefix,
  ValueError,
  isUnicast,
  parseIp,
  parseMac,
  parsePrefix,
} from "../values/index.ts";
import { CniError, codes } from "./error.ts";
import type { JsonObject } from "./plugin.ts";

/** Reads one value; `path` is where it stands, such as `ipam.ranges[0][0].subnet`. @throws {CniError} 7 */
export type Reader<T> = (value: unknown, path: string) => T;

/** Bounds of a whole number, both included. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** An object of a configuration with the path it stands at. */
export class Section {
  readonly value: JsonObject;
  /** Empty at the top. */
  readonly path: string;

  constructor(value: JsonObject, path = "") {
    this.value = value;
    this.path = path;
  }

  /** Where `key` stands. */
  at(key: string): string {
    return this.path === "" ? key : `${this.path}.${key}`;
  }

  /** What is there, unread; `undefined` if absent or `null`. */
  raw(key: string): unknown {
    return lookUp(this.value, key);
  }

  /** Reads what is there; `undefined` if absent or `null`. */
  read<T>(key: string, reader: Reader<T>): T | undefined {
    const value = lookUp(this.value, key);
    return value === undefined ? undefined : reader(value, this.at(key));
  }

  /** As {@link read}; absent is an error. @throws {CniError} 7 */
  need<T>(key: string, reader: Reader<T>): T {
    const value = lookUp(this.value, key);
    if (value === undefined) throw invalid(this.at(key), "is missing", "add it");
    return reader(value, this.at(key));
  }

  string(key: string): string | undefined {
    return this.read(key, asString);
  }

  /** A whole number. */
  int(key: string, bounds?: Bounds): number | undefined {
    return this.read(key, (value, path) => asInt(value, path, bounds));
  }

  bool(key: string): boolean | undefined {
    return this.read(key, asBool);
  }

  /** A member that is an object. */
  object(key: string): Section | undefined {
    return this.read(key, asSection);
  }

  list<T>(key: string, reader: Reader<T>): readonly T[] | undefined {
    return this.read(key, (value, path) => asList(value, path, reader));
  }

  /** An address; the empty text is absent, as Go reads it. */
  ip(key: string): Ip | undefined {
    return this.raw(key) === "" ? undefined : this.read(key, asIp);
  }

  /** `address/length`, host bits kept. */
  prefix(key: string): Prefix | undefined {
    return this.raw(key) === "" ? undefined : this.read(key, asPrefix);
  }

  mac(key: string): Mac | undefined {
    return this.raw(key) === "" ? undefined : this.read(key, asMac);
  }
}

/** Is told of each key that is looked up, and where. */
export type LookUpWitness = (object: JsonObject, key: string) => void;

let witness: LookUpWitness | undefined;

/** From now on `told` hears of each look-up, until it is called without. For who explains a configuration: nothing else may depend on it. */
export function witnessLookUps(told?: LookUpWitness): void {
  witness = told;
}

/**
 * The member that a key means: written so or in any other case; of several the last of the document wins, and `null` counts
 * as absent.
 */
export function lookUp(object: JsonObject, key: string): unknown {
  witness?.(object, key);
  const folded = key.toLowerCase();
  let found: unknown;
  for (const name in object) {
    if (name.length !== key.length || (name !== key && name.toLowerCase() !== folded)) continue;
    const value = object[name];
    if (value !== null && value !== undefined) found = value;
  }
  return found;
}

export function asString(value: unknown, path: string): string {
  if (typeof value === "string") return value;
  throw wrong(path, value, "a string");
}

export function asBool(value: unknown, path: string): boolean {
  if (typeof value === "boolean") return value;
  throw wrong(path, value, "true or false");
}

export function asInt(value: unknown, path: string, { min, max }: Bounds = {}): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw wrong(path, value, "a whole number");
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    throw invalid(path, `is ${value}`, `write a number ${rangeText(min, max)}`);
  }
  return value;
}

function rangeText(min: number | undefined, max: number | undefined): string {
  if (max === undefined) return `of at least ${min}`;
  return min === undefined ? `of at most ${max}` : `from ${min} to ${max}`;
}

export function asSection(value: unknown, path: string): Section {
  if (isObject(value)) return new Section(value, path);
  throw wrong(path, value, "an object");
}

export function asList<T>(value: unknown, path: string, reader: Reader<T>): readonly T[] {
  if (!Array.isArray(value)) throw wrong(path, value, "a list");
  return value.map((item: unknown, i) => reader(item, `${path}[${i}]`));
}

export const asIp: Reader<Ip> = (value, path) => asValue(value, path, parseIp);
export const asPrefix: Reader<Prefix> = (value, path) => asValue(value, path, parsePrefix);
/** An address that an interface can have. */
export const asMac: Reader<Mac> = (value, path) => {
  const mac = asValue(value, path, parseMac);
  if (isUnicast(mac)) return mac;
  throw invalid(path, `is ${mac}, which no interface can have`, "write one that begins with an even octet, such as 02");
};

function asValue<T>(value: unknown, path: string, parse: (text: string) => T): T {
  const text = asString(value, path);
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw invalid(path, `cannot be read: ${error.message}`, undefined, error);
  }
}

/** Whether it is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The error for a value that cannot be used: `problem` goes on after the key (`is 4095`), `fix` says what to write. Its message
 * names the key, its details the whole path.
 */
export function invalid(path: string, problem: string, fix?: string, cause?: unknown): CniError {
  // What follows the last dot that is not within brackets: `subnet`, `ranges[0]`, `sysctl["net.core.somaxconn"]`.
  const key = /[^.[\]]*(?:\[[^\]]*\])*$/.exec(path)?.[0] ?? "";
  return new CniError(
    codes.invalidConfig,
    `invalid network configuration: ${key === "" ? "it" : key} ${problem}`,
    [path === "" ? undefined : `at ${path}`, fix].filter((part) => part !== undefined).join(": ") || undefined,
    cause === undefined ? undefined : { cause },
  );
}

function wrong(path: string, value: unknown, wanted: string): CniError {
  return invalid(path, `is ${shown(value)}, not ${wanted}`, `write ${wanted}`);
}

/** A value in an error: short, in JSON. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}
