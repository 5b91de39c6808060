import { describe, expect, test } from "bun:test";
import { type Ip, ipToBytes, parseIp } from "../../values/index.ts";
import { type Client, type Clock, type Wire, acquire, extend, pauses, release } from "./client.ts";
import { type DhcpMessage, MessageType, Option, decodeMessage, encodeMessage, typeOf } from "./message.ts";

/** Time that passes only while somebody sleeps. */
function fakeClock(): Clock & { at: number } {
  const clock = {
    at: 1_000_000,
    now: () => clock.at,
    sleep: async (milliseconds: number) => {
      clock.at += milliseconds;
    },
    random: () => 0.5,
  };
  return clock;
}

const mac = Uint8Array.of(2, 0, 0, 0, 0, 7);
const client: Client = {
  mac,
  provide: new Map([[Option.clientId, Uint8Array.of(0, 99)]]),
  request: [3, 1],
  broadcast: false,
};
const server = parseIp("10.0.0.1");
const address = parseIp("10.0.0.9");

/** Answers each message with what `reply` makes of it. */
function wireTo(
  reply: (message: DhcpMessage, count: number) => readonly Uint8Array[],
): Wire & { readonly seen: DhcpMessage[] } {
  const waiting: Uint8Array[] = [];
  const seen: DhcpMessage[] = [];
  return {
    seen,
    send(bytes) {
      const message = decodeMessage(bytes);
      if (message === undefined) throw new Error("the client sends nonsense");
      seen.push(message);
      waiting.push(...reply(message, seen.length));
    },
    receive: () => waiting.shift(),
    isSent: () => true,
    [Symbol.dispose]: () => {},
  };
}

function replyTo(
  { xid, chaddr }: DhcpMessage,
  type: number,
  more: Partial<DhcpMessage> = {},
  yiaddr: Ip = address,
): Uint8Array {
  return encodeMessage({
    op: "reply",
    xid,
    secs: 0,
    broadcast: false,
    ciaddr: parseIp("0.0.0.0"),
    yiaddr,
    chaddr,
    options: new Map([
      [Option.messageType, Uint8Array.of(type)],
      [Option.serverId, ipToBytes(server)],
      [Option.subnetMask, Uint8Array.of(255, 255, 255, 0)],
    ]),
    ...more,
  });
}
const good = (message: DhcpMessage): readonly Uint8Array[] => [
  replyTo(message, typeOf(message) === MessageType.discover ? MessageType.offer : MessageType.ack),
];
const patience = { longest: 62_000, total: 208_000 };
const never = (): boolean => false;

describe("acquire", () => {
  test("discover, request, and what they say", async () => {
    const wire = wireTo(good);
    expect<unknown>(await acquire(wire, client, fakeClock(), patience, never)).toMatchObject({
      kind: "granted",
      lease: { address: "10.0.0.9/24" },
    });
    expect(wire.seen.map(typeOf)).toEqual([MessageType.discover, MessageType.request]);
    const [discover, request] = wire.seen;
    expect(discover?.options.get(Option.parameterRequest)).toEqual(Uint8Array.of(3, 1));
    expect(discover?.options.get(Option.clientId)).toEqual(Uint8Array.of(0, 99));
    expect(request?.xid).toBe(discover?.xid ?? -1);
    expect(request?.options.get(Option.requestedIp)).toEqual(ipToBytes(address));
    expect(request?.options.get(Option.serverId)).toEqual(ipToBytes(server));
  });

  test("asks again, less and less often, and gives up", async () => {
    const clock = fakeClock();
    const times: number[] = [];
    const wire = wireTo(() => {
      times.push(clock.at - 1_000_000);
      return [];
    });
    expect<unknown>(await acquire(wire, client, clock, patience, never)).toEqual({
      kind: "silent",
      why: "no server answered",
    });
    expect(times).toEqual([0, 2000, 4000, 6000, 8000, 12_000, 20_000, 36_000, 68_000, 130_000, 192_000]);
    expect(wire.seen.at(-1)?.secs).toBe(192);
    expect(clock.at - 1_000_000).toBe(208_000);
  });

  test("listens to answers to its own question only", async () => {
    const wire = wireTo((message) => [
      Uint8Array.of(1, 2, 3),
      replyTo({ ...message, xid: message.xid ^ 1 }, MessageType.offer),
      replyTo({ ...message, chaddr: Uint8Array.of(2, 0, 0, 0, 0, 8) }, MessageType.offer),
      replyTo(message, MessageType.offer, { op: "request" }),
      replyTo(message, 99),
      ...good(message),
    ]);
    expect((await acquire(wire, client, fakeClock(), patience, never)).kind).toBe("granted");
    expect(wire.seen).toHaveLength(2);
  });

  test("a server that takes its offer back is asked again", async () => {
    const wire = wireTo((message, count) => (count === 2 ? [replyTo(message, MessageType.nak)] : good(message)));
    expect((await acquire(wire, client, fakeClock(), patience, never)).kind).toBe("granted");
    expect(wire.seen.map(typeOf)).toEqual([1, 3, 1, 3]);
  });

  test("a lease without a mask is none, and that is said", async () => {
    const wire = wireTo((message) =>
      good(message).map((bytes) => {
        const read = decodeMessage(bytes);
        if (read === undefined) throw new Error("unreadable");
        return encodeMessage({
          ...read,
          options: new Map([...read.options].filter(([code]) => code !== Option.subnetMask)),
        });
      }),
    );
    expect<unknown>(await acquire(wire, client, fakeClock(), patience, never)).toEqual({
      kind: "silent",
      why: "the server's lease cannot be used: it gave no subnet mask",
    });
  });

  test("stops when nobody wants it any more", async () => {
    let asked = 0;
    const wire = wireTo(() => []);
    expect<unknown>(await acquire(wire, client, fakeClock(), patience, () => ++asked > 50)).toEqual({
      kind: "cancelled",
    });
    expect(wire.seen).toHaveLength(1);
  });
});

describe("extend and release", () => {
  test("extend says the address and no server", async () => {
    const wire = wireTo(good);
    expect((await extend(wire, client, fakeClock(), address, 10_000, never)).kind).toBe("granted");
    const [request] = wire.seen;
    expect(request?.ciaddr).toBe(address);
    expect(request?.options.has(Option.requestedIp)).toBe(false);
    expect(request?.options.has(Option.serverId)).toBe(false);
  });
  test("extend is refused, or hears nothing", async () => {
    const nak = wireTo((message) => [replyTo(message, MessageType.nak)]);
    expect(await extend(nak, client, fakeClock(), address, 10_000, never)).toMatchObject({ kind: "refused" });
    expect(
      await extend(
        wireTo(() => []),
        client,
        fakeClock(),
        address,
        10_000,
        never,
      ),
    ).toMatchObject({ kind: "silent" });
  });
  test("release names the server and asks for nothing", async () => {
    const wire = wireTo(() => []);
    await release(wire, { ...client, broadcast: true }, fakeClock(), address, server);
    expect(wire.seen.map(typeOf)).toEqual([MessageType.release]);
    expect(wire.seen[0]).toMatchObject({ ciaddr: address, broadcast: false });
    expect([...(wire.seen[0]?.options.keys() ?? [])]).toEqual([53, 54, 61]);
  });
  test("release is over when it has left, or when it does not for too long", async () => {
    const clock = fakeClock();
    let looks = 0;
    await release({ ...wireTo(() => []), isSent: () => ++looks > 7 }, client, clock, address, server);
    expect([looks, clock.at]).toEqual([8, 1_000_007]);
    await release({ ...wireTo(() => []), isSent: () => false }, client, clock, address, server);
    expect(clock.at).toBe(1_001_507);
  });
});

test("pauses: four short ones by chance, then doubled up to the longest", () => {
  const all = pauses(fakeClock(), { longest: 20_000, total: 0 });
  expect(Array.from({ length: 8 }, () => all.next().value)).toEqual([
    2000, 2000, 2000, 2000, 4000, 8000, 16_000, 20_000,
  ]);
});
