import { type Fd, duplicate } from "../sys/index.ts";

/** `Bun.connect` takes an open descriptor, as `Bun.FdSocketOptions` describes; its overloads do not say so. */
const adopt = (options: Bun.FdSocketOptions): Promise<Bun.Socket> =>
  Bun.connect(options as unknown as Bun.UnixSocketOptions);

/** What a {@link Doorbell} tells. */
export interface Visitors {
  /** The datagram that rang; valid during the call. */
  readonly datagram: (bytes: Uint8Array) => void;
  /** Reading failed (`ENOBUFS`), or waiting is impossible. */
  readonly failed: (error: unknown) => void;
}

/**
 * Waits in Bun's own event loop until a socket has something: no thread, no polling, 0.1 ms to set up (a Worker with a
 * blocking receive takes 5-20 ms and 2 MiB each). Bun reads one datagram to find out; then it is told to stop, so that
 * what nobody asked for stays in the kernel's queue. While it waits the program does not end by itself.
 */
export class Doorbell implements Disposable {
  readonly #fd: Fd;
  readonly #visitors: Visitors;
  #socket: Bun.Socket | undefined;
  #state: "idle" | "listening" | "disposed" = "idle";

  constructor(fd: Fd, visitors: Visitors) {
    this.#fd = fd;
    this.#visitors = visitors;
  }

  /** Rings once, by one of the visitors. Calling it again while it listens changes nothing. */
  listen(): void {
    if (this.#state !== "idle") return;
    this.#state = "listening";
    if (this.#socket === undefined) void this.#connect();
    else {
      this.#socket.ref();
      this.#socket.resume();
    }
  }

  /** Bun closes a socket that fails, with its descriptor: it gets a second one of the same socket. */
  async #connect(): Promise<void> {
    try {
      await adopt({ fd: duplicate(this.#fd), socket: this.#handlers() });
    } catch (error) {
      this.#rest();
      this.#visitors.failed(error);
    }
  }

  #handlers(): Bun.SocketHandler<undefined> {
    return {
      open: (socket) => {
        this.#socket = socket;
        if (this.#state === "disposed") socket.terminate();
      },
      data: (_, bytes) => {
        this.#rest();
        if (this.#state !== "disposed") this.#visitors.datagram(bytes);
      },
      close: (_, error) => {
        this.#socket = undefined;
        this.#rest();
        if (this.#state !== "disposed") this.#visitors.failed(error ?? new TypeError("Bun closed a netlink socket"));
      },
    };
  }

  #rest(): void {
    if (this.#state === "listening") this.#state = "idle";
    this.#socket?.pause();
    this.#socket?.unref();
  }

  [Symbol.dispose](): void {
    this.#state = "disposed";
    this.#socket?.terminate();
    this.#socket = undefined;
  }
}
