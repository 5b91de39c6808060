import { attempt } from "./libc.ts";

/** An open file descriptor with one owner: `using fd = …` closes it. */
export class Fd implements Disposable {
  #number: number;

  constructor(number: number) {
    this.#number = number;
  }

  /** The descriptor. @throws {TypeError} after it was closed: a number could be somebody else's by then */
  get number(): number {
    if (this.#number < 0) throw new TypeError("this file descriptor is closed");
    return this.#number;
  }

  get closed(): boolean {
    return this.#number < 0;
  }

  /** Closes it; the second time nothing happens. */
  close(): void {
    if (this.#number < 0) return;
    attempt("close", this.#number);
    this.#number = -1;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
