import { Bytes } from "../wire/index.ts";
import { type Lost, Queue, type SubscribeOptions } from "./subscribe-queue.ts";
import { Doorbell } from "./subscribe-wait.ts";

/** After so many datagrams in a row the rest of the program gets a turn. */
const TURN = 64;

/**
 * Joins multicast groups at once: what happens after this call is told, also before the first read. To know a table
 * and keep knowing it: subscribe, read it, then apply what is told, and do the same again after {@link Lost}.
 * @throws {SysError} ENOENT for a group that is not there, EPERM, EMFILE
 */
export function subscribe<T>(options: SubscribeOptions<T>): Subscription<T> {
  return new Subscription(options);
}

/**
 * What the kernel tells, message by message, on a socket of its own. What is not read yet waits in the kernel, so a slow
 * reader costs no memory here, and loses messages only by {@link Lost}. A descriptor is open until the loop over it
 * ends, the signal aborts, or it is disposed.
 */
export class Subscription<T> implements AsyncIterableIterator<T | Lost, undefined>, Disposable {
  readonly #queue: Queue<T>;
  readonly #doorbell: Doorbell;
  readonly #signal: AbortSignal | undefined;
  #waiting: PromiseWithResolvers<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #inRow = 0;

  constructor(options: SubscribeOptions<T>) {
    this.#queue = new Queue(options);
    this.#signal = options.signal;
    this.#doorbell = new Doorbell(this.#queue.fd, {
      datagram: (bytes) => this.#answer(() => this.#queue.read(new Bytes(bytes), bytes.length)),
      failed: (error) => this.#answer(() => this.#queue.overrun(error)),
    });
    options.signal?.addEventListener("abort", this.#close);
    if (options.signal?.aborted === true) this.#close();
  }

  /** The next one; the end after an abort. @throws {WireError} for a message that makes no sense; it is over then */
  async next(): Promise<IteratorResult<T | Lost, undefined>> {
    for (;;) {
      const value = this.#queue.shift();
      if (value !== undefined) return { done: false, value };
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#queue.fd.closed) return { done: true, value: undefined };
      if (++this.#inRow % TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      else if (!this.#attempt(() => this.#queue.receive())) await this.#ring();
    }
  }

  return(): Promise<IteratorResult<T | Lost, undefined>> {
    this.#close();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  /** Waits for the kernel, or the end. */
  #ring(): Promise<void> {
    this.#inRow = 0;
    this.#waiting ??= Promise.withResolvers();
    this.#doorbell.listen();
    return this.#waiting.promise;
  }

  #answer(body: () => boolean): void {
    this.#attempt(body);
    this.#wake();
  }

  #wake(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }

  /** Does it; what goes wrong ends the subscription and is for the reader. `false` when there was nothing. */
  #attempt(body: () => boolean): boolean {
    try {
      return body();
    } catch (error) {
      this.#close();
      this.#failure = { error };
      return true;
    }
  }

  readonly #close = (): void => {
    this.#signal?.removeEventListener("abort", this.#close);
    this.#doorbell[Symbol.dispose]();
    this.#queue[Symbol.dispose]();
    this.#wake();
  };
}
