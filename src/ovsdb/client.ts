import { type Fd, SysError, connectTo, readWithin, writeAll } from "../sys/index.ts";
import { OvsdbError } from "./error.ts";
import { Frames } from "./frames.ts";
import { type Operation, type OperationResult, operationToJson, resultsOf } from "./operation.ts";
import type { Json } from "./value.ts";

const encoder = new TextEncoder();
const DATABASE = "Open_vSwitch";

export interface ClientOptions {
  /** How long to wait for an answer. */
  readonly timeoutMs?: number;
}

/**
 * A connection to an OVSDB server by JSON-RPC over its Unix socket (RFC 7047, section 4). Synchronous, so that it can be spoken
 * from a CNI plugin and between ops: one question, one answer, about half a millisecond.
 */
export class OvsdbClient implements Disposable {
  readonly #socket: Fd;
  readonly #path: string;
  readonly #timeoutMs: number;
  readonly #frames = new Frames();
  readonly #waiting: string[] = [];
  readonly #buffer = new Uint8Array(65_536);
  #lastId = 0;

  /** @throws {OvsdbError} `unreachable` */
  constructor(path: string, { timeoutMs = 15_000 }: ClientOptions = {}) {
    this.#path = path;
    this.#timeoutMs = timeoutMs;
    try {
      this.#socket = connectTo(path);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      throw new OvsdbError("unreachable", `no OVSDB server answers: ${error.message}`, { cause: error });
    }
  }

  /** Does all of the operations or none. @throws {OvsdbError} `refused` with reason, table and column; `silent`, `closed`, `protocol` */
  transact(operations: readonly Operation[]): readonly OperationResult[] {
    return resultsOf(operations, this.call("transact", [DATABASE, ...operations.map(operationToJson)]));
  }

  /** One remote procedure call. @throws {OvsdbError} */
  call(method: string, params: readonly Json[]): Json {
    const id = ++this.#lastId;
    this.#send({ method, params, id });
    const until = performance.now() + this.#timeoutMs;
    for (;;) {
      const message = this.#next(until, method);
      if (message["method"] === "echo") {
        // The server asks whether we are alive (section 4.1.11).
        this.#send({ id: message["id"] ?? null, result: message["params"] ?? [], error: null });
        continue;
      }
      // Notifications, and answers to what was given up, are nobody's.
      if (message["id"] !== id) continue;
      const { error = null, result = null } = message;
      if (error === null) return result;
      throw new OvsdbError("refused", `${method}: ${JSON.stringify(error)}`, { reason: reasonOf(error) });
    }
  }

  #next(until: number, method: string): Readonly<Record<string, Json>> {
    for (;;) {
      const text = this.#waiting.shift();
      if (text !== undefined) return messageOf(text);
      const left = Math.max(until - performance.now(), 0);
      const count = this.#reading(() => readWithin(this.#socket, this.#buffer, left, `read from ${this.#path}`));
      if (count === 0) throw new OvsdbError("closed", `the OVSDB server at ${this.#path} closed the connection`);
      if (count === undefined) {
        if (left > 0) continue;
        throw new OvsdbError(
          "silent",
          `the OVSDB server at ${this.#path} did not answer "${method}" within ${this.#timeoutMs} ms`,
        );
      }
      this.#waiting.push(...this.#frames.push(this.#buffer.subarray(0, count)));
    }
  }

  #send(message: Json): void {
    const bytes = encoder.encode(JSON.stringify(message));
    this.#reading(() => writeAll(this.#socket, bytes, `write to ${this.#path}`));
  }

  #reading<T>(body: () => T): T {
    try {
      return body();
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      throw new OvsdbError("closed", `the OVSDB server at ${this.#path} went away: ${error.message}`, { cause: error });
    }
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

function messageOf(text: string): Readonly<Record<string, Json>> {
  let message: Json;
  try {
    message = JSON.parse(text) as Json;
  } catch (error) {
    throw new OvsdbError("protocol", `the OVSDB server sent what is no JSON: ${text.slice(0, 80)}`, { cause: error });
  }
  if (typeof message === "object" && message !== null && !Array.isArray(message))
    return message as Readonly<Record<string, Json>>;
  throw new OvsdbError("protocol", `the OVSDB server sent what is no message: ${text.slice(0, 80)}`);
}

/** `unknown database` and the like come as a text or as an object with one. */
function reasonOf(error: Json): string {
  if (typeof error === "string") return error;
  const inner =
    typeof error === "object" && error !== null && !Array.isArray(error) ? Reflect.get(error, "error") : undefined;
  return typeof inner === "string" ? inner : JSON.stringify(error);
}
