import {
  AF,
  E,
  type Fd,
  SO,
  SOCK,
  SOL,
  SysError,
  bindTo,
  interfaceIndex,
  interfaceName,
  openSocket,
  receive,
  send,
  setOption,
  setTxChecksum,
  txChecksum,
} from "../sys/index.ts";
import { Bytes, Writer } from "../wire/index.ts";
import { NetlinkError, type Refusal, whileDoing } from "./error.ts";
import { HEADER, attrsFrom, familyHeader, messages, putRequest } from "./frame.ts";
import { NLM_F, type Query, type Request } from "./request.ts";
import { trace } from "./trace.ts";

/** The protocol of sockets of nf_tables and conntrack: linux/netlink.h. */
export const NETLINK_NETFILTER = 12;

/** Options of linux/netlink.h. */
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
const NETLINK_GET_STRICT_CHK = 12;
/** Fits the smallest send buffer that a socket has without asking. */
const SMALL_DATAGRAM = 64 * 1024;

/** Requests are sent together up to this many bytes: their acks must fit the receive buffer. */
const BATCH_BYTES = 24 * 1024;
const BATCH_REQUESTS = 128;
/** Who is short of processor time among many writers is interrupted more often than not. */
const DUMP_ATTEMPTS = 64;

/** One receive buffer and one writer for the whole program: exchanges are synchronous, so never two at a time. */
const inbox = new Uint8Array(256 * 1024);
const inboxBytes = new Bytes(inbox);
const writer = new Writer(32 * 1024);

/**
 * A netlink socket. It belongs to the network namespace it was opened in and can then be used from anywhere.
 * All calls are synchronous: rtnetlink has its answer ready when `send` returns.
 */
export class NetlinkSocket implements Disposable {
  readonly #fd: Fd;
  #sequence = 0;

  /** Opens one in the calling thread's namespace. @throws {SysError} EMFILE … */
  constructor(protocol = 0) {
    this.#fd = openSocket("open a netlink socket", AF.NETLINK, SOCK.RAW, protocol);
    // sockaddr_nl: family, pad, port 0 (the kernel chooses), groups 0.
    bindTo("bind a netlink socket", this.#fd, new Uint8Array([AF.NETLINK, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    setOption(this.#fd, SOL.NETLINK, NETLINK_CAP_ACK, 1);
    setOption(this.#fd, SOL.NETLINK, NETLINK_EXT_ACK, 1);
    setOption(this.#fd, SOL.NETLINK, NETLINK_GET_STRICT_CHK, 1);
  }

  /** Number of a network device of the socket's namespace by its name, if there is one. Cheaper than asking for the link. */
  indexOf(name: string): number | undefined {
    return interfaceIndex(this.#fd, name);
  }

  /** Name of a network device of the socket's namespace by its number, if there is one. */
  nameOf(index: number): string | undefined {
    return interfaceName(this.#fd, index);
  }

  /** Whether checksums of what a device sends are left to it; `undefined` where there is none, or it cannot tell. */
  txChecksum(name: string): boolean | undefined {
    return txChecksum(this.#fd, name);
  }

  /** Leaves checksums to the device, or does not. @throws {SysError} ENODEV, EOPNOTSUPP */
  setTxChecksum(name: string, on: boolean): void {
    setTxChecksum(this.#fd, name, on);
  }

  /** Does one thing. @throws {NetlinkError} with errno name, the kernel's sentence and the attribute's path */
  run(asked: Request): void {
    const refusal = this.batch([asked])[0];
    if (refusal !== undefined) throw new NetlinkError(asked.doing, refusal);
  }

  /**
   * Does several things in order, in as few system calls as possible. Refused ones do not stop the others: the answer
   * has a place per request, `undefined` where it was done.
   */
  batch(asked: readonly Request[]): (Refusal | undefined)[] {
    const answers: (Refusal | undefined)[] = [];
    for (let from = 0; from < asked.length; from = answers.length) this.#sendSome(asked, from, answers);
    return answers;
  }

  #sendSome(asked: readonly Request[], from: number, answers: (Refusal | undefined)[]): void {
    writer.truncate();
    const first = this.#sequence + 1;
    const starts: number[] = [];
    for (let i = from; i < asked.length && starts.length < BATCH_REQUESTS; i++) {
      const request = asked[i] as Request;
      const start = putRequest(writer, request, first + starts.length, NLM_F.ACK);
      if (writer.length > BATCH_BYTES && starts.length > 0) {
        writer.truncate(start);
        break;
      }
      starts.push(start);
    }
    this.#sequence += starts.length;
    const sent = writer.written;
    const requestAt = (sequence: number): Request | undefined => asked[from + sequence - first];
    const bytesAt = (sequence: number): Uint8Array | undefined => partOf(sent, starts, sequence - first);
    for (let i = first; trace !== undefined && i < first + starts.length; i++) {
      trace.request(bytesAt(i) as Uint8Array, requestAt(i) as Request);
    }
    this.#send(sent, asked[from] as Request);
    let open = starts.length;
    while (open > 0) {
      const length = this.#receive(requestAt(first) as Request);
      for (const message of messages(inboxBytes, length, bytesAt, requestAt)) {
        if (message.what !== "ack" || message.sequence < first) continue;
        trace?.ack(message.sequence, message.refusal);
        answers[from + message.sequence - first] = message.refusal;
        open--;
      }
    }
    answers.length = from + starts.length;
  }

  /**
   * Does all of it or nothing: `asked` between the messages that begin and end a transaction (nfnetlink_rcv_batch of
   * net/netfilter/nfnetlink.c), in one datagram. Gives the refusals by place in `asked`, -1 for the whole; none when it is done.
   */
  transaction(begin: Request, asked: readonly Request[], end: Request): ReadonlyMap<number, Refusal> {
    const refusals = new Map<number, Refusal>();
    const all = [begin, ...asked, end];
    const last = asked.length;
    if (last === 0) return refusals;
    writer.truncate();
    const first = this.#sequence + 1;
    this.#sequence += all.length;
    // Refused messages are always told of, so one acknowledgement tells the rest: that of the last request.
    const starts = all.map((request, i) => putRequest(writer, request, first + i, i === last ? NLM_F.ACK : 0));
    const sent = writer.written;
    const bytesAt = (sequence: number): Uint8Array | undefined => partOf(sent, starts, sequence - first);
    all.forEach((request, i) => trace?.request(bytesAt(first + i) as Uint8Array, request));
    this.#makeRoom(sent.length);
    this.#send(sent, asked[0] as Request);
    // All answers are there when the call returns. Where the whole was refused there may be that one only, and where there are
    // more than find room, the last are lost: then what is there is read without waiting.
    for (let wait = true; ;) {
      const length = this.#receiveLossy(wait);
      if (length === undefined) return refusals;
      if (length === "lost") {
        wait = false;
        continue;
      }
      for (const message of messages(inboxBytes, length, bytesAt, (sequence) => all[sequence - first])) {
        if (message.what !== "ack" || message.sequence < first) continue;
        const at = message.sequence - first - 1;
        trace?.ack(message.sequence, message.refusal);
        if (message.refusal !== undefined) refusals.set(at, message.refusal);
        if (at === last - 1 && wait) return refusals;
        if (at < 0) wait = false;
      }
    }
  }

  /** A transaction is one datagram, however large. */
  #makeRoom(bytes: number): void {
    if (bytes > SMALL_DATAGRAM) this.#enlarge(SO.SNDBUFFORCE, SO.SNDBUF, bytes * 2);
  }

  /** Without CAP_NET_ADMIN in the first user namespace the ordinary limits (net.core.rmem_max, wmem_max) hold. */
  #enlarge(force: number, ordinary: number, size: number): void {
    try {
      setOption(this.#fd, SOL.SOCKET, force, size);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      setOption(this.#fd, SOL.SOCKET, ordinary, size);
    }
  }

  #receiveLossy(wait: boolean): number | "lost" | undefined {
    try {
      return receive(this.#fd, inbox, wait);
    } catch (error) {
      if (error instanceof SysError && error.code === "ENOBUFS") return "lost";
      throw error;
    }
  }

  /** Asks for one fact. `undefined` where the kernel says there is none (ENODEV, ENOENT, ESRCH). @throws {NetlinkError} */
  ask<T>(query: Query<T>): T | undefined {
    const result = this.#collect(query, NLM_F.ACK);
    if (result.refusal === undefined) return result.facts[0];
    if (isAbsent(result.refusal)) return undefined;
    throw new NetlinkError(query.request.doing, result.refusal);
  }

  /** Asks for one fact and says why there is none. */
  answer<T>(query: Query<T>): { readonly fact: T } | { readonly refusal: Refusal } {
    const { facts, refusal } = this.#collect(query, NLM_F.ACK);
    if (refusal !== undefined) return { refusal };
    if (facts[0] === undefined) {
      throw new NetlinkError(query.request.doing, {
        code: "protocol",
        sentence: "the kernel acknowledged without an answer",
      });
    }
    return { fact: facts[0] };
  }

  /**
   * Reads a table. A dump that the kernel marks as interrupted by a change is read again, up to 64 times.
   * @throws {NetlinkError} `interrupted`, or the kernel's refusal
   */
  dump<T>(query: Query<T>): T[] {
    for (let attempt = 1; ; attempt++) {
      const { facts, refusal, interrupted } = this.#collect(query, NLM_F.DUMP);
      if (refusal !== undefined) throw new NetlinkError(query.request.doing, refusal);
      if (!interrupted) return facts;
      if (attempt === DUMP_ATTEMPTS) {
        throw new NetlinkError(query.request.doing, {
          code: "interrupted",
          sentence: `the table changed during each of ${DUMP_ATTEMPTS} readings; try again when the network is quieter`,
        });
      }
    }
  }

  #collect<T>(query: Query<T>, flags: number): { facts: T[]; refusal: Refusal | undefined; interrupted: boolean } {
    writer.truncate();
    const sequence = ++this.#sequence;
    putRequest(writer, query.request, sequence, flags);
    const sent = writer.written;
    trace?.request(sent, query.request);
    this.#send(sent, query.request);
    const facts: T[] = [];
    let interrupted = false;
    let wrong: { readonly error: unknown } | undefined;
    for (;;) {
      const length = this.#receive(query.request);
      for (const message of messages(
        inboxBytes,
        length,
        () => sent,
        () => query.request,
      )) {
        if (message.sequence !== sequence) continue;
        interrupted ||= (message.flags & NLM_F.DUMP_INTR) !== 0;
        if (message.what !== "data") {
          trace?.ack(sequence, message.refusal);
          if (wrong !== undefined) throw wrong.error;
          return { facts, refusal: message.refusal, interrupted };
        }
        trace?.answer(inbox.subarray(message.from - HEADER, message.to), query.answer);
        if (message.type !== query.answer.type || wrong !== undefined) continue;
        try {
          const fact = readAnswer(query, message.from, message.to);
          if (fact !== undefined) facts.push(fact);
        } catch (error) {
          // Received to its end all the same: until then the kernel refuses the socket's next dump (EBUSY).
          wrong = { error };
        }
      }
    }
  }

  #send(bytes: Uint8Array, asked: Request): void {
    const result = send(this.#fd, bytes);
    if (result < 0) throw new SysError("sendto", -result, asked.doing);
  }

  #receive({ doing }: Request): number {
    const length = receive(this.#fd, inbox, true);
    if (length === undefined || length > inbox.length) {
      throw new NetlinkError(doing, { code: "protocol", sentence: "the answer is larger than the receive buffer" });
    }
    return length;
  }

  /** Joins multicast groups (numbers of RTNLGRP_*) and asks for a large receive buffer. @throws {SysError} */
  subscribe(groups: readonly number[]): void {
    const NETLINK_ADD_MEMBERSHIP = 1;
    for (const group of groups) setOption(this.#fd, SOL.NETLINK, NETLINK_ADD_MEMBERSHIP, group);
    this.#enlarge(SO.RCVBUFFORCE, SO.RCVBUF, 4 * 1024 * 1024);
  }

  /** For subscriptions: the descriptor to wait on and read from. */
  get fd(): Fd {
    return this.#fd;
  }

  [Symbol.dispose](): void {
    this.#fd.close();
  }
}

/** The bytes of one of the requests that were sent together, by where each begins. */
function partOf(sent: Uint8Array, starts: readonly number[], index: number): Uint8Array | undefined {
  const start = starts[index];
  return start === undefined ? undefined : sent.subarray(start, starts[index + 1] ?? sent.length);
}

/** How the kernel says that what was asked for is not there. */
function isAbsent({ errno }: Refusal): boolean {
  return errno === E.ENOENT || errno === E.ESRCH || errno === E.ENODEV;
}

/** The fact in one answer, which lies in the inbox. @throws {WireError} for one that is not as its table says */
function readAnswer<T>({ request, answer, read, wanted }: Query<T>, from: number, to: number): T | undefined {
  try {
    const header = familyHeader(answer, inboxBytes, from, to);
    if (wanted?.(header as never) === false) return undefined;
    return read(header as never, answer.attrs.get(inboxBytes, attrsFrom(answer, from), to) as never);
  } catch (error) {
    throw whileDoing(request.doing, error);
  }
}
