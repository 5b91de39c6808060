import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseIp } from "../../values/index.ts";
import { leaseOf, resultOf } from "./lease.ts";
import { type DhcpMessage, decodeMessage, encodeMessage, noIp, typeOf } from "./message.ts";
import { encodeDatagram, payloadFor } from "./packet.ts";

/** An acknowledgement of dnsmasq 2.90 on a packet socket: IP and UDP, the fixed part, 192 empty bytes, options. */
const captured = Uint8Array.fromHex(
  [
    "45c0014bdc150000401187ca0a6300010a63003c004300440137164b",
    "0201060024d3c51800000000000000000a63003c0a63000100000000f69edb67ca7100000000000000000000",
    "00".repeat(192),
    "6382536335010536040a6300013304000000783a040000003c3b04000000690104ffffff001c040a6300ff03040a630001",
    "790f18c000020a630009100a4d00000000ff",
  ].join(""),
);
const payload = payloadFor(captured, 68) ?? new Uint8Array();
const ack = decodeMessage(payload);
if (ack === undefined) throw new Error("the captured message cannot be read");

const hex = (text: string): Uint8Array => Uint8Array.fromHex(text.replaceAll(" ", ""));
const withOptions = (options: Readonly<Record<number, string>>, base: DhcpMessage = ack): DhcpMessage => ({
  ...base,
  options: new Map([
    ...base.options,
    ...Object.entries(options).map(([code, value]) => [Number(code), hex(value)] as const),
  ]),
});
const without = (...codes: readonly number[]): DhcpMessage => ({
  ...ack,
  options: new Map([...ack.options].filter(([code]) => !codes.includes(code))),
});

describe("a captured acknowledgement", () => {
  test("is read", () => {
    expect(typeOf(ack)).toBe(5);
    expect<unknown>(ack).toMatchObject({
      op: "reply",
      xid: 0x24d3c518,
      yiaddr: "10.99.0.60",
      ciaddr: "0.0.0.0",
      broadcast: false,
    });
    expect(ack.chaddr.toHex()).toBe("f69edb67ca71");
    expect([...ack.options.keys()]).toEqual([53, 54, 51, 58, 59, 1, 28, 3, 121]);
  });
  test("is a lease with the classless routes alone", () => {
    expect<unknown>(leaseOf(ack)).toEqual({
      address: "10.99.0.60/24",
      server: "10.99.0.1",
      gateway: "10.99.0.1",
      routes: [
        { dst: "192.0.2.0/24", gw: "10.99.0.9" },
        { dst: "10.77.0.0/16", scope: 253 },
      ],
      seconds: 120,
      renewAfter: 60,
      rebindAfter: 105,
    });
  });
  test("comes to its port only, whole, and not in pieces", () => {
    expect(payload.length).toBe(0x137 - 8);
    expect(payloadFor(captured, 67)).toBeUndefined();
    expect(payloadFor(captured.subarray(0, 200), 68)).toBeUndefined();
    expect(payloadFor(captured.with(6, 0x20), 68)).toBeUndefined();
    expect(payloadFor(captured.with(9, 6), 68)).toBeUndefined();
    expect(payloadFor(captured.with(0, 0x65), 68)).toBeUndefined();
  });
});

describe("leases", () => {
  const lease = (message: DhcpMessage) => {
    const found = leaseOf(message);
    if (typeof found === "string") throw new Error(found);
    return found;
  };
  test("without classless routes: classful ones, then the default route", () => {
    const message = withOptions(
      { 33: "0a010203 0a630002 ac100501 0a630003 c0000201 0a630004 00000000 0a630005" },
      without(121),
    );
    expect<unknown>(lease(message).routes).toEqual([
      { dst: "10.0.0.0/8", gw: "10.99.0.2" },
      { dst: "172.16.0.0/16", gw: "10.99.0.3" },
      { dst: "192.0.2.0/24", gw: "10.99.0.4" },
      { dst: "0.0.0.0/0", gw: "10.99.0.1" },
    ]);
  });
  test("without a router there is no gateway and no default route", () => {
    expect(lease(without(121, 3))).not.toHaveProperty("gateway");
    expect(lease(without(121, 3)).routes).toEqual([]);
  });
  test("times that are missing or in disorder", () => {
    expect(lease(without(51, 58, 59))).toMatchObject({ seconds: 3600, renewAfter: 1800, rebindAfter: 3060 });
    expect(lease(withOptions({ 58: "00000078", 59: "00000010" }))).toMatchObject({
      seconds: 120,
      renewAfter: 60,
      rebindAfter: 102,
    });
  });
  test.each([
    ["no subnet mask", without(1)],
    ["subnet mask is none", withOptions({ 1: "ff00ff00" })],
    ["did not say who it is", without(54)],
    ["gave no address", { ...ack, yiaddr: noIp }],
  ])("%s", (why, message) => {
    expect(leaseOf(message)).toContain(why);
  });
  test("a classless route that is cut, or longer than an address, ends the list", () => {
    expect<unknown>(lease(withOptions({ 121: "00 0a630001 18c000 02" })).routes).toEqual([
      { dst: "0.0.0.0/0", gw: "10.99.0.1" },
    ]);
    expect(lease(withOptions({ 121: "21 0a630001 0a630001" })).routes).toEqual([]);
  });
  test("the metric is on each route of the result", () => {
    expect<unknown>(resultOf(lease(ack), 7)).toEqual({
      ips: [{ address: "10.99.0.60/24", gateway: "10.99.0.1" }],
      routes: [
        { dst: "192.0.2.0/24", gw: "10.99.0.9", priority: 7 },
        { dst: "10.77.0.0/16", scope: 253, priority: 7 },
      ],
    });
  });
});

describe("the codec", () => {
  test("options go on in the fields of the boot file and the server's name", () => {
    const bytes = encodeMessage(withOptions({ 52: "03" }, without(3, 121)));
    bytes.set(hex("0304 0a630001 0c02 6869 ff"), 108);
    bytes.set(hex("0c03 212121 ff"), 44);
    const options = decodeMessage(bytes)?.options;
    expect(options?.get(3)?.toHex()).toBe("0a630001");
    expect(new TextDecoder().decode(options?.get(12))).toBe("hi!!!");
    expect(options?.has(52)).toBe(false);
  });
  test("round trip, also of long options", () => {
    const option = fc.tuple(
      fc.integer({ min: 1, max: 254 }).filter((code) => code !== 52),
      fc.uint8Array({ maxLength: 600 }),
    );
    const ip = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((b) => parseIp([...b].join(".")));
    const message = fc.record({
      op: fc.constantFrom("request" as const, "reply" as const),
      xid: fc.nat(0xffffffff),
      secs: fc.nat(0xffff),
      broadcast: fc.boolean(),
      ciaddr: ip,
      yiaddr: ip,
      chaddr: fc.uint8Array({ minLength: 6, maxLength: 6 }),
      options: fc.array(option, { maxLength: 6 }).map((all) => new Map(all)),
    });
    fc.assert(
      fc.property(message, (one) => {
        const packet = encodeDatagram({
          from: noIp,
          to: one.yiaddr,
          fromPort: 67,
          toPort: 68,
          payload: encodeMessage(one),
        });
        const read = decodeMessage(payloadFor(packet, 68) ?? new Uint8Array());
        expect(read).toEqual(one);
      }),
    );
  });
  test("whatever bytes come, it ends without an exception", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(captured.length), (junk, at) => {
        const bytes = captured.slice();
        bytes.set(junk.subarray(0, bytes.length - at), at);
        const inner = payloadFor(bytes, 68);
        const read = inner === undefined ? undefined : decodeMessage(inner);
        if (read !== undefined) leaseOf(read);
        decodeMessage(junk);
        payloadFor(junk, 68);
      }),
      { numRuns: 2000 },
    );
  });
});
