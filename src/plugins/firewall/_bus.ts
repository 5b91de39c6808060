/** A connection to the system's message bus (D-Bus), for a few calls one after the other. */
import { CniError, codes } from "../../cni/index.ts";
import { busPath } from "./_bus-path.ts";
import { CALL, ERROR, type Message, decode, encode, lengthOf } from "./_message.ts";

const BUS = { destination: "org.freedesktop.DBus", path: "/org/freedesktop/DBus", interface: "org.freedesktop.DBus" };
const PATIENCE_MS = 10_000;

/** What is called, with texts as arguments. */
export interface BusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly values: readonly string[];
}

/** An answer that is an error. */
export interface BusError {
  readonly error: string;
  readonly text: string;
}

/** What we need of a socket. */
interface Wire {
  write(data: Uint8Array | string): number;
  end(): void;
}

export class Bus implements Disposable {
  readonly #socket: Wire;
  readonly #inbox: Inbox;
  #serial = 0;

  private constructor(socket: Wire, inbox: Inbox) {
    this.#socket = socket;
    this.#inbox = inbox;
  }

  /** `undefined` where there is no bus, or none for us. */
  static async open(): Promise<Bus | undefined> {
    const path = busPath();
    if (path === undefined) return undefined;
    const inbox = new Inbox();
    let socket: Wire;
    try {
      socket = await Bun.connect({
        unix: path,
        socket: { data: (_, bytes) => inbox.push(bytes), close: () => inbox.end(), error: () => inbox.end() },
      });
    } catch {
      return undefined; // nobody listens there: the host has no bus
    }
    const bus = new Bus(socket, inbox);
    if (await bus.#greet()) return bus;
    bus[Symbol.dispose]();
    return undefined;
  }

  /** Says who we are: by the user's number, which the kernel tells the bus, too. */
  async #greet(): Promise<boolean> {
    const user = new TextEncoder().encode(String(process.geteuid?.() ?? 0)).toHex();
    this.#socket.write(`\0AUTH EXTERNAL ${user}\r\n`);
    if (!(await this.#inbox.line()).startsWith("OK ")) return false;
    this.#socket.write("BEGIN\r\n");
    return !("error" in (await this.call({ ...BUS, member: "Hello", values: [] })));
  }

  /** Whether somebody has a name. */
  async has(name: string): Promise<boolean> {
    const answer = await this.call({ ...BUS, member: "NameHasOwner", values: [name] });
    return "values" in answer && answer.values[0] === true;
  }

  /** @throws {CniError} 11 when nobody answers */
  async call(asked: BusCall): Promise<Pick<Message, "values"> | BusError> {
    const serial = ++this.#serial;
    this.#socket.write(encode({ type: CALL, serial, ...asked }));
    for (;;) {
      const message = await this.#inbox.message();
      if (message.replyTo !== serial) continue;
      if (message.type !== ERROR) return message;
      return { error: message.errorName ?? "", text: String(message.values[0] ?? "") };
    }
  }

  [Symbol.dispose](): void {
    this.#socket.end();
  }
}

/** What came in and is not read yet. */
class Inbox {
  #bytes = new Uint8Array();
  #ended = false;
  #wake: () => void = () => undefined;

  push(bytes: Uint8Array): void {
    this.#bytes = Uint8Array.from([...this.#bytes, ...bytes]);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async line(): Promise<string> {
    const end = await this.#until((bytes) => (bytes.includes(10) ? bytes.indexOf(10) + 1 : undefined));
    return new TextDecoder().decode(this.#take(end));
  }

  async message(): Promise<Message> {
    const whole = (bytes: Uint8Array) => {
      const length = lengthOf(bytes);
      return length === undefined || bytes.length < length ? undefined : length;
    };
    return decode(this.#take(await this.#until(whole)));
  }

  #take(count: number): Uint8Array {
    const taken = this.#bytes.slice(0, count);
    this.#bytes = this.#bytes.slice(count);
    return taken;
  }

  async #until(length: (bytes: Uint8Array) => number | undefined): Promise<number> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = length(this.#bytes);
      if (found !== undefined) return found;
      const left = end - performance.now();
      if (this.#ended || left <= 0) {
        throw new CniError(
          codes.tryAgain,
          "the message bus does not answer",
          "look whether dbus and firewalld run well",
        );
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
