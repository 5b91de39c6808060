/** Where a text stops being JSON, which the runtime's own parser does not say. Lines and columns count from 1. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  /** What is wrong there. */
  readonly what: string;
}

/** The first fault of a text that is no JSON; `undefined` for one that is. */
export function findJsonFault(text: string): JsonFault | undefined {
  try {
    const scan = new Scan(text);
    scan.value();
    scan.end();
    return undefined;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const before = text.slice(0, error.at).split("\n");
    return { line: before.length, column: (before.at(-1) ?? "").length + 1, what: error.message };
  }
}

class Stop extends Error {
  readonly at: number;

  constructor(at: number, what: string) {
    super(what);
    this.at = at;
  }
}

const space = /[ \t\r\n]*/y;
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// Everything but quotes, backslashes and control characters, or one of JSON's escapes (RFC 8259, section 7).
// oxlint-disable-next-line no-control-regex
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

class Scan {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): void {
    this.#take(space);
    const first = this.#text[this.#at];
    if (first === "{") this.#list("}", () => this.#member());
    else if (first === "[") this.#list("]", () => this.value());
    else if (first === '"') this.#string();
    else if (!this.#take(scalar)) throw this.#stop("a value is expected");
    this.#take(space);
  }

  end(): void {
    if (this.#at < this.#text.length) throw this.#stop("something follows the end");
  }

  /** Items with commas between, from the opening bracket to the closing one. */
  #list(close: string, item: () => void): void {
    const opened = this.#at++;
    this.#take(space);
    if (this.#text[this.#at] === close) {
      this.#at++;
      return;
    }
    for (;;) {
      item();
      const next = this.#text[this.#at];
      if (next === undefined)
        throw this.#stop(`the "${this.#text[opened]}" of line ${this.#lineOf(opened)} is not closed`);
      if (next !== "," && next !== close) throw this.#stop(`"," or "${close}" is expected`);
      const comma = this.#at++;
      if (next === close) return;
      this.#take(space);
      if (this.#text[this.#at] === close) throw new Stop(comma, `nothing follows this ","`);
    }
  }

  #member(): void {
    this.#take(space);
    if (this.#text[this.#at] !== '"') throw this.#stop('a name in "" is expected');
    this.#string();
    this.#take(space);
    if (this.#text[this.#at] !== ":") throw this.#stop('":" is expected');
    this.#at++;
    this.value();
  }

  #string(): void {
    if (!this.#take(string))
      throw this.#stop("a text is not closed on its line, or has a character that must be escaped");
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #stop(what: string): Stop {
    return this.#at < this.#text.length ? new Stop(this.#at, what) : new Stop(this.#at, `the text ends here: ${what}`);
  }

  #lineOf(at: number): number {
    return this.#text.slice(0, at).split("\n").length;
  }
}
