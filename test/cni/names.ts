/**
 * What differs between two runs without meaning: hardware addresses and interface names drawn at random. Each gets a
 * name by the place where it was first seen, the same in both runs.
 */
export class Names {
  readonly #known = new Map<string, string>();
  readonly #suggested = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #marks = new Map<string, number>();

  /** `text`, once it is known, stands for `name` in all that follows. */
  learn(text: string, name: string): void {
    if (!this.#known.has(text)) this.#known.set(text, name);
  }

  /** As {@link learn}, as long as nothing better is known: an address that an answer tells and that no link has any more. */
  suggest(text: string, name: string): void {
    if (!this.#suggested.has(text)) this.#suggested.set(text, name);
  }

  /** The next of its kind: veth#1, veth#2, … What has another `mark` than before is another one of the same name. */
  number(text: string, kind: string, mark: number): void {
    if (this.#marks.get(text) === mark) return;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    this.#marks.set(text, mark);
    this.#known.set(text, `${kind}#${count}`);
  }

  /** A text with everything known in it replaced. */
  in(text: string): string {
    return text
      .replaceAll(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, (mac) => this.#name(mac.toLowerCase()) ?? mac)
      .replaceAll(/\bveth[0-9a-f]{8,11}\b/g, (veth) => this.#name(veth) ?? veth)
      .replaceAll(/\bfe80::[0-9a-f:]+/g, "fe80::auto");
  }

  #name(text: string): string | undefined {
    return this.#known.get(text) ?? this.#suggested.get(text);
  }
}
