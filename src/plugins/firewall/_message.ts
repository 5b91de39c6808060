/** Messages of D-Bus (D-Bus specification, "Message Protocol"), as far as calls with texts need them. */

/** Types of messages. */
export const CALL = 1;
export const ANSWER = 2;
export const ERROR = 3;

/** Codes of header fields with the type of their value. */
const fields = {
  path: [1, "o"],
  interface: [2, "s"],
  member: [3, "s"],
  errorName: [4, "s"],
  replyTo: [5, "u"],
  destination: [6, "s"],
  sender: [7, "s"],
  signature: [8, "g"],
} as const;

export interface Message {
  readonly type: number;
  readonly serial: number;
  readonly path?: string;
  readonly interface?: string;
  readonly member?: string;
  readonly errorName?: string;
  readonly replyTo?: number;
  readonly destination?: string;
  readonly sender?: string;
  /** Texts, truth values and numbers, as the signature says; what comes after another type is left out. */
  readonly values: readonly (string | boolean | number)[];
}

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

export function encode(message: Message): Uint8Array {
  const { values } = message;
  const body = new Out();
  for (const value of values)
    body.value(typeof value === "string" ? "s" : typeof value === "boolean" ? "b" : "u", value);
  const signature = values.map((value) => (typeof value === "string" ? "s" : typeof value === "boolean" ? "b" : "u"));
  const head = new Out();
  for (const [key, [code, type]] of Object.entries(fields)) {
    const value =
      key === "signature" ? signature.join("") || undefined : message[key as Exclude<keyof typeof fields, "signature">];
    if (value === undefined) continue;
    head.align(8);
    head.bytes.push(code);
    head.value("g", type);
    head.value(type, value);
  }
  const out = new Out();
  out.bytes.push("l".charCodeAt(0), message.type, 0, 1);
  out.value("u", body.bytes.length);
  out.value("u", message.serial);
  out.value("u", head.bytes.length);
  out.bytes.push(...head.bytes);
  out.align(8);
  return Uint8Array.from([...out.bytes, ...body.bytes]);
}

class Out {
  readonly bytes: number[] = [];

  align(to: number): void {
    while (this.bytes.length % to !== 0) this.bytes.push(0);
  }

  value(type: string, value: string | boolean | number): void {
    if (type === "g") {
      const text = utf8.encode(String(value));
      this.bytes.push(text.length, ...text, 0);
      return;
    }
    this.align(4);
    if (type === "s" || type === "o") {
      const text = utf8.encode(String(value));
      this.value("u", text.length);
      this.bytes.push(...text, 0);
      return;
    }
    const number = Number(value);
    this.bytes.push(number & 0xff, (number >> 8) & 0xff, (number >> 16) & 0xff, (number >>> 24) & 0xff);
  }
}

/** The length of the message that begins with these bytes; `undefined` while too few are there to tell. */
export function lengthOf(bytes: Uint8Array): number | undefined {
  if (bytes.length < 16) return undefined;
  const input = new In(bytes, 4);
  const body = input.number();
  input.at = 12;
  return Math.ceil((16 + input.number()) / 8) * 8 + body;
}

/** One whole message. */
export function decode(bytes: Uint8Array): Message {
  const input = new In(bytes, 4);
  input.number();
  const serial = input.number();
  const end = 16 + input.number();
  const found: Record<string, string | number> = {};
  while (input.at < end) {
    input.align(8);
    const code = bytes[input.at++];
    const type = input.signature();
    const value = input.value(type);
    const key = Object.entries(fields).find(([, [one]]) => one === code)?.[0];
    if (value === undefined) break;
    if (key !== undefined && typeof value !== "boolean") found[key] = value;
  }
  input.at = Math.ceil(end / 8) * 8;
  const { signature = "", ...head } = found;
  const values: (string | boolean | number)[] = [];
  for (const type of String(signature)) {
    const value = input.value(type);
    if (value === undefined) break;
    values.push(value);
  }
  return { type: bytes[1] ?? 0, serial, ...head, values };
}

class In {
  readonly bytes: Uint8Array;
  at: number;
  readonly #little: boolean;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
    this.#little = bytes[0] === "l".charCodeAt(0);
  }

  align(to: number): void {
    this.at = Math.ceil(this.at / to) * to;
  }

  number(): number {
    this.align(4);
    const { buffer, byteOffset, byteLength } = this.bytes;
    const number = new DataView(buffer, byteOffset, byteLength).getUint32(this.at, this.#little);
    this.at += 4;
    return number;
  }

  #text(length: number): string {
    const text = fromUtf8.decode(this.bytes.subarray(this.at, this.at + length));
    this.at += length + 1;
    return text;
  }

  signature(): string {
    return this.#text(this.bytes[this.at++] ?? 0);
  }

  /** `undefined` for types that are none of ours. */
  value(type: string): string | boolean | number | undefined {
    if (type === "s" || type === "o") return this.#text(this.number());
    if (type === "g") return this.signature();
    if (type === "b") return this.number() !== 0;
    return type === "u" ? this.number() : undefined;
  }
}
