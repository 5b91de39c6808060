import { type Fd, type NsFd, SO, SOL, inside, receive, setOption } from "../sys/index.ts";
import { Bytes } from "../wire/index.ts";
import { HEADER, attrsFrom, familyHeader, messages } from "./frame.ts";
import type { AnyMessageKind } from "./request.ts";
import { NetlinkSocket } from "./socket.ts";
import { trace } from "./trace.ts";

/** The kernel had to drop messages: whatever was known may be wrong now. Read the tables again. */
export interface Lost {
  readonly lost: true;
}

export interface SubscribeOptions<T> {
  /** The namespace whose changes are told; the calling thread's own if absent. */
  readonly ns?: NsFd;
  /** Netlink family: `NETLINK_ROUTE` (0) if absent. */
  readonly protocol?: number;
  /** Multicast groups, by number (`RTNLGRP_*`). */
  readonly groups: readonly number[];
  /** The messages that are decoded; others are passed over. */
  readonly kinds: ReadonlyMap<number, AnyMessageKind>;
  /** What one message means; `undefined` passes it over. */
  readonly read: (type: number, header: unknown, attrs: unknown) => T | undefined;
  /** Ends the subscription: a waiting reader gets the end, not an error. */
  readonly signal?: AbortSignal | undefined;
  /** The queue in the kernel, in bytes; 4 MiB if absent (what the system allows, without privilege). */
  readonly queueBytes?: number;
}

/** A subscribed socket and what was decoded of its messages and not yet read. */
export class Queue<T> implements Disposable {
  readonly #options: SubscribeOptions<T>;
  readonly #socket: NetlinkSocket;
  readonly #ready: (T | Lost)[] = [];

  /** Opens and subscribes it. @throws {SysError} ENOENT for a group that is not there, EPERM, EMFILE */
  constructor(options: SubscribeOptions<T>) {
    this.#options = options;
    this.#socket = open(options);
  }

  get fd(): Fd {
    return this.#socket.fd;
  }

  /** The oldest that was decoded. */
  shift(): T | Lost | undefined {
    return this.#ready.shift();
  }

  /** Decodes one datagram of the kernel's queue, without waiting; `false` when there is none. @throws {WireError} */
  receive(): boolean {
    try {
      const length = receive(this.#socket.fd, inbox, false);
      if (length === undefined) return false;
      return length > inbox.length ? this.#ready.push({ lost: true }) > 0 : this.read(inboxBytes, length);
    } catch (error) {
      return this.overrun(error);
    }
  }

  /** Decodes one datagram. @throws {WireError} */
  read(bytes: Bytes, length: number): true {
    const { kinds, read } = this.#options;
    for (const message of messages(bytes, length, nothing, nothing)) {
      const kind = message.what === "data" ? kinds.get(message.type) : undefined;
      if (message.what !== "data" || kind === undefined) continue;
      trace?.answer(bytes.u8.subarray(message.from - HEADER, message.to), kind);
      const header = familyHeader(kind, bytes, message.from, message.to);
      const attrs: unknown = kind.attrs.get(bytes, attrsFrom(kind, message.from), message.to);
      const value = read(message.type, header, attrs);
      if (value !== undefined) this.#ready.push(value);
    }
    return true;
  }

  /**
   * To be called with what receiving threw. The kernel says ENOBUFS once, then drops in silence until its queue was
   * empty (`NETLINK_S_CONGESTED`, cleared by `netlink_rcv_wake`). So the rest of the queue is thrown away before the
   * reader is told: the tables it reads then are newer than that.
   * @throws what is no overrun
   */
  overrun(error: unknown): true {
    if (!isOverrun(error)) throw error;
    for (let empty = false; !empty;) {
      try {
        empty = receive(this.#socket.fd, inbox, false) === undefined;
      } catch (again) {
        if (!isOverrun(again)) throw again;
      }
    }
    this.#ready.push({ lost: true });
    return true;
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
    this.#ready.length = 0;
  }
}

/** One for all subscriptions: a datagram is decoded before the next is received. */
const inbox = new Uint8Array(256 * 1024);
const inboxBytes = new Bytes(inbox);
const nothing = (): undefined => undefined;

/**
 * How the kernel says that a message did not reach us: its queue was full, or it could not be made (`rtnl_set_sk_err`).
 * Bun, which calls `recv` too, throws alike.
 */
const OVERRUN: ReadonlySet<unknown> = new Set(["ENOBUFS", "ENOMEM", "EMSGSIZE"]);
const isOverrun = (error: unknown): boolean => error instanceof Error && "code" in error && OVERRUN.has(error.code);

function open({ ns, protocol, groups, queueBytes }: SubscribeOptions<unknown>): NetlinkSocket {
  const socket = ns === undefined ? new NetlinkSocket(protocol) : inside(ns, () => new NetlinkSocket(protocol));
  try {
    socket.subscribe(groups);
    if (queueBytes !== undefined) setOption(socket.fd, SOL.SOCKET, SO.RCVBUF, queueBytes);
    return socket;
  } catch (error) {
    socket[Symbol.dispose]();
    throw error;
  }
}
