import { OvsdbError } from "./error.ts";

/**
 * Finds the messages in a stream of JSON objects that follow each other without anything between them (RFC 7047, section 4: JSON-RPC
 * over a stream). Counts brackets outside of strings; what is inside a message is `JSON.parse`'s business.
 */
export class Frames {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #text = "";
  /** How far `#text` was looked at. */
  #at = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** Takes what has come; the messages that are whole now. @throws {OvsdbError} `protocol` for bytes that are no UTF-8 */
  push(bytes: Uint8Array): string[] {
    this.#text += this.#decode(bytes);
    const whole: string[] = [];
    let from = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      if (!this.#ends(this.#text[this.#at] as string)) continue;
      whole.push(this.#text.slice(from, this.#at + 1));
      from = this.#at + 1;
    }
    this.#text = this.#text.slice(from);
    this.#at -= from;
    return whole;
  }

  #decode(bytes: Uint8Array): string {
    try {
      return this.#decoder.decode(bytes, { stream: true });
    } catch (error) {
      throw new OvsdbError("protocol", "the OVSDB server sent what is no UTF-8", { cause: error });
    }
  }

  #ends(char: string): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (char === "\\") this.#escaped = true;
      else if (char === '"') this.#inString = false;
      return false;
    }
    if (char === '"') this.#inString = true;
    else if (char === "{" || char === "[") this.#depth++;
    else if (char === "}" || char === "]") return --this.#depth === 0;
    return false;
  }
}
