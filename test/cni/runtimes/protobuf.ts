/** As much of protobuf's encoding as the few CRI messages of the tests need (protobuf.dev, "Encoding"). */

/** A message: field number → value; a list repeats the field, a nested object is a message. Absent fields are left out. */
export interface Message {
  readonly [field: number]: string | number | boolean | Message | readonly Message[] | undefined;
}

export function encode(message: Message): Uint8Array {
  return Buffer.concat(
    Object.entries(message).flatMap(([field, value]) => {
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      return values
        .filter((each) => each !== undefined)
        .map((each) => encodeField(Number(field), each as Message[number]));
    }),
  );
}

function encodeField(field: number, value: Message[number]): Uint8Array {
  if (typeof value === "number" || typeof value === "boolean")
    return Buffer.concat([varint(field << 3), varint(Number(value))]);
  const body = typeof value === "string" ? Buffer.from(value) : encode(value as Message);
  return Buffer.concat([varint((field << 3) | 2), varint(body.length), body]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

/** What was received: field number → its values in order, numbers or bytes. */
export class Decoded {
  readonly #fields = new Map<number, (number | Uint8Array)[]>();

  /** @throws {RangeError} for what is cut off or of a wire type no CRI message has */
  constructor(bytes: Uint8Array) {
    let at = 0;
    const read = (): number => {
      for (let value = 0, factor = 1; ; factor *= 128) {
        const byte = bytes[at++];
        if (byte === undefined) throw new RangeError("a protobuf message ends within a number");
        value += (byte & 127) * factor;
        if (byte < 128) return value;
      }
    };
    while (at < bytes.length) {
      const key = read();
      const [field, type] = [key >> 3, key & 7];
      if (type !== 0 && type !== 2) throw new RangeError(`a protobuf field of wire type ${type}`);
      const number = read();
      if (type === 2 && at + number > bytes.length) throw new RangeError("a protobuf field is longer than its message");
      const value = type === 0 ? number : bytes.subarray(at, (at += number));
      this.#fields.set(field, [...(this.#fields.get(field) ?? []), value]);
    }
  }

  number(field: number): number {
    const value = this.#fields.get(field)?.[0];
    return typeof value === "number" ? value : 0;
  }

  text(field: number): string {
    const value = this.#fields.get(field)?.[0];
    return value instanceof Uint8Array ? new TextDecoder().decode(value) : "";
  }

  messages(field: number): readonly Decoded[] {
    return (this.#fields.get(field) ?? []).flatMap((value) =>
      value instanceof Uint8Array ? [new Decoded(value)] : [],
    );
  }
}
