/** The client's side of the protocol (RFC 2131 section 4.4): what is asked, how often, and what counts as an answer. */
import { type Ip, ipToBytes } from "../../values/index.ts";
import { type Lease, leaseOf } from "./lease.ts";
import { type DhcpMessage, MessageType, Option, decodeMessage, encodeMessage, ipsOf, noIp, typeOf } from "./message.ts";

/** A way to a server. */
export interface Wire extends Disposable {
  /** @throws {Error} when the link is gone */
  send(message: Uint8Array): void;
  /** What came for a client, or `undefined` when nothing is there. */
  receive(): Uint8Array | undefined;
  /** Whether all that was sent has left the interface: who the server is on this network may have to be asked first. */
  isSent(): boolean;
}

/** Time as the client needs it, and chance: real, or a test's. */
export interface Clock {
  /** Milliseconds that only grow. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** From 0 up to 1. */
  random(): number;
}

/** Who asks, and what for. */
export interface Client {
  readonly mac: Uint8Array;
  /** Options of every message, the client identifier among them. */
  readonly provide: ReadonlyMap<number, Uint8Array>;
  /** Numbers of the options that are asked for. */
  readonly request: readonly number[];
  /** Asks servers to answer by broadcast. */
  readonly broadcast: boolean;
}

/** How patient a client is, milliseconds. */
export interface Patience {
  /** The longest pause between two messages. */
  readonly longest: number;
  /** After this long nobody is asked any more. */
  readonly total: number;
}

/** How it went; `why` is for people. */
export type Outcome =
  | { readonly kind: "granted"; readonly lease: Lease }
  /** The server will not have it. */
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "silent"; readonly why: string }
  /** Whoever asked does not want it any more. */
  | { readonly kind: "cancelled" };

/** Whether to stop. */
export type Stop = () => boolean;

/** While an answer is waited for; it usually takes a millisecond or two. */
const LOOK_EVERY = 10;

/** Pauses between messages: four of 1 to 3 seconds, then from 4 seconds on doubled up to the longest. */
export function* pauses(clock: Clock, { longest }: Patience): Generator<number> {
  for (let i = 0; i < 4; i++) yield Math.min(longest, 1000 + 2000 * clock.random());
  for (let pause = 4000; ; pause *= 2) yield Math.min(longest, pause);
}

/** Finds a server and takes its offer. */
export async function acquire(
  wire: Wire,
  client: Client,
  clock: Clock,
  patience: Patience,
  stop: Stop,
): Promise<Outcome> {
  const began = clock.now();
  const end = began + patience.total;
  let why = "no server answered";
  for (const pause of pauses(clock, patience)) {
    if (clock.now() >= end) return { kind: "silent", why };
    const xid = Math.floor(clock.random() * 0x1_0000_0000);
    const until = Math.min(end, clock.now() + pause);
    const rest = (): Promise<void> => clock.sleep(Math.max(0, until - clock.now()));
    const tell = (type: number, more: readonly (readonly [number, Uint8Array])[]): DhcpMessage =>
      messageOf(client, xid, type, noIp, clock.now() - began, more);
    wire.send(encodeMessage(tell(MessageType.discover, [])));
    const offer = await answer(wire, clock, until, stop, xid, client, [MessageType.offer]);
    if (stop()) return { kind: "cancelled" };
    if (offer === undefined) continue;
    const [server] = ipsOf(offer.options.get(Option.serverId));
    if (server === undefined || offer.yiaddr === noIp) {
      why = "an offer had no server or no address";
      await rest();
      continue;
    }
    wire.send(
      encodeMessage(
        tell(MessageType.request, [
          [Option.requestedIp, ipToBytes(offer.yiaddr)],
          [Option.serverId, ipToBytes(server)],
        ]),
      ),
    );
    const said = await answer(wire, clock, Math.min(end, clock.now() + pause), stop, xid, client, [
      MessageType.ack,
      MessageType.nak,
    ]);
    if (stop()) return { kind: "cancelled" };
    why = `server ${server} offered ${offer.yiaddr} and did not confirm it`;
    if (said === undefined) continue;
    const outcome = outcomeOf(said);
    if (outcome.kind !== "refused") return outcome;
    // Another client was faster, or the server is not set up well: ask again, but not at once.
    why = outcome.why;
    await rest();
  }
  return { kind: "silent", why };
}

/** Asks, by whatever way `wire` goes, to keep an address for longer; once. */
export async function extend(
  wire: Wire,
  client: Client,
  clock: Clock,
  address: Ip,
  wait: number,
  stop: Stop,
): Promise<Outcome> {
  const xid = Math.floor(clock.random() * 0x1_0000_0000);
  wire.send(encodeMessage(messageOf(client, xid, MessageType.request, address, 0, [])));
  const said = await answer(wire, clock, clock.now() + wait, stop, xid, client, [MessageType.ack, MessageType.nak]);
  if (stop()) return { kind: "cancelled" };
  return said === undefined ? { kind: "silent", why: "the server did not answer" } : outcomeOf(said);
}

/** Within this the kernel asks twice where a neighbour is. */
const LEAVING_MS = 1500;

/** Gives an address back. Nobody answers that; it is over when the message has left, for then the interface may go. */
export async function release(wire: Wire, client: Client, clock: Clock, address: Ip, server: Ip): Promise<void> {
  const xid = Math.floor(clock.random() * 0x1_0000_0000);
  const message = messageOf(client, xid, MessageType.release, address, 0, [[Option.serverId, ipToBytes(server)]]);
  wire.send(encodeMessage({ ...message, broadcast: false }));
  for (const end = clock.now() + LEAVING_MS; !wire.isSent() && clock.now() < end;) await clock.sleep(1);
}

function messageOf(
  { mac, provide, request, broadcast }: Client,
  xid: number,
  type: number,
  ciaddr: Ip,
  milliseconds: number,
  more: readonly (readonly [number, Uint8Array])[],
): DhcpMessage {
  const asks = request.length > 0 && type !== MessageType.release;
  return {
    op: "request",
    xid,
    secs: Math.min(0xffff, Math.floor(milliseconds / 1000)),
    broadcast,
    ciaddr,
    yiaddr: noIp,
    chaddr: mac,
    options: new Map<number, Uint8Array>([
      [Option.messageType, Uint8Array.of(type)],
      ...more,
      ...provide,
      ...(asks ? [[Option.parameterRequest, Uint8Array.from(request)] as const] : []),
    ]),
  };
}

/** The first answer to this very question before `until`. */
async function answer(
  wire: Wire,
  clock: Clock,
  until: number,
  stop: Stop,
  xid: number,
  { mac }: Client,
  types: readonly number[],
): Promise<DhcpMessage | undefined> {
  for (;;) {
    for (let bytes = wire.receive(); bytes !== undefined; bytes = wire.receive()) {
      const message = decodeMessage(bytes);
      if (message === undefined || message.op !== "reply" || message.xid !== xid) continue;
      if (message.chaddr.toHex() === mac.toHex() && types.includes(typeOf(message) ?? 0)) return message;
    }
    if (clock.now() >= until || stop()) return undefined;
    await clock.sleep(Math.min(LOOK_EVERY, until - clock.now()));
  }
}

function outcomeOf(message: DhcpMessage): Outcome {
  if (typeOf(message) === MessageType.nak) {
    const text = new TextDecoder().decode(message.options.get(56) ?? new Uint8Array());
    return { kind: "refused", why: `the server refused it${text === "" ? "" : `: ${text}`}` };
  }
  const lease = leaseOf(message);
  if (typeof lease !== "string") return { kind: "granted", lease };
  return { kind: "refused", why: `the server's lease cannot be used: ${lease}` };
}
