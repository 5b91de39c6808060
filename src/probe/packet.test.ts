import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { internetChecksum } from "./checksum.ts";
import { EchoRequest, type Stamp, makeStamp, readArrival, readRequest, sizeLimits } from "./packet.ts";

/**
 * What raw sockets get to see: packets of iputils ping 20221126 through a router of kernel 6.18, captured by tcpdump.
 * ping's payload begins with its time stamp, whose first eight bytes play our cookie; the next four our number.
 */
const captured = {
  request4: "080052e7054d0001bfab016b00000000d5b3090000000000",
  request6: "80006476054e0001bfab016b0000000051c9090000000000",
  reply4: "4500002cc74a00003f01a0810a0200020a01000100005ae7054d0001bfab016b00000000d5b3090000000000",
  reply6: "81006376054e0001bfab016b0000000051c9090000000000",
  fragmentation4:
    "45c0024052510000400110ac0a0100fe0a0100010304a9f700000578450005aa000040004001214e0a0100010a020002080098f0054f0001bfab016b0000000088e50900",
  tooBig6:
    "0200168a000005786008999805823a40fd010000000000000000000000000001fd0200000000000000000000000000028000423c05500001bfab016b000000008a010a00",
  expired4:
    "45c0004852530000400112a20a0100fe0a0100010b00f4ff000000004500002c00004000010165cc0a0100010a0200020800047005510001bfab016b0000000023270a0000000000",
  expired6:
    "0300ce12000000006008999800183a01fd010000000000000000000000000001fd0200000000000000000000000000028000a70205520001bfab016b000000000e390a0000000000",
  network4:
    "45c0004852540000400112a10a0100fe0a0100010300fcff000000004500002c0000400040011dbe0a0100010a0909090800004905530001bfab016b00000000274c0a0000000000",
  noRoute6:
    "0100be84000000006009aae600183a40fd010000000000000000000000000001fd09000000000000000000000000000980008ac605540001bfab016b000000002a650a0000000000",
} as const;

const stamp = (id: number): Stamp => ({ id, cookie: Uint8Array.fromHex("bfab016b00000000") });
const read = (family: 4 | 6, name: keyof typeof captured, id: number) => {
  const bytes = Uint8Array.fromHex(captured[name]);
  return readArrival(family, bytes, bytes.length, stamp(id));
};

describe("arrivals", () => {
  test("echo replies", () => {
    expect(read(4, "reply4", 0x054d)).toEqual({ what: "reply", sequence: 1, probe: 0xd5b30900 });
    expect(read(6, "reply6", 0x054e)).toEqual({ what: "reply", sequence: 1, probe: 0x51c90900 });
  });

  test("replies to somebody else", () => {
    expect(read(4, "reply4", 0x9999)).toBeUndefined();
    const bytes = Uint8Array.fromHex(captured.reply6);
    expect(readArrival(6, bytes, bytes.length, { id: 0x054e, cookie: new Uint8Array(8) })).toBeUndefined();
  });

  test("requests, as their receiver sees them: ours have a number, others none, and answers are none", () => {
    // request4 was captured without its IP header, which is the one of the reply.
    const request4 = captured.reply4.slice(0, 40) + captured.request4;
    const asked = (family: 4 | 6, hex: string, id: number): number | undefined =>
      readRequest(family, Uint8Array.fromHex(hex), hex.length / 2, stamp(id));
    expect([asked(4, request4, 0x054d), asked(6, captured.request6, 0x054e)]).toEqual([0xd5b30900, 0x51c90900]);
    expect([asked(4, request4, 0x054e), asked(4, captured.reply4, 0x054d), asked(6, captured.reply6, 0x054e)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(asked(4, request4.slice(0, 60), 0x054d)).toBeUndefined();
  });

  test("requests are no answers", () => {
    expect(read(6, "request6", 0x054e)).toBeUndefined();
  });

  test("packets that were too big, with the next hop's MTU", () => {
    const sender = Uint8Array.of(10, 1, 0, 254);
    expect(read(4, "fragmentation4", 0x054f)).toEqual({
      what: "error",
      sequence: 1,
      probe: 0x88e50900,
      type: 3,
      code: 4,
      sender,
      mtu: 1400,
    });
    expect(read(6, "tooBig6", 0x0550)).toEqual({
      what: "error",
      sequence: 1,
      probe: 0x8a010a00,
      type: 2,
      code: 0,
      mtu: 1400,
    });
  });

  test("other errors", () => {
    expect(read(4, "expired4", 0x0551)).toMatchObject({ what: "error", type: 11, code: 0 });
    expect(read(6, "expired6", 0x0552)).toMatchObject({ what: "error", type: 3, code: 0 });
    expect(read(4, "network4", 0x0553)).toMatchObject({ what: "error", type: 3, code: 0 });
    expect(read(6, "noRoute6", 0x0554)).toMatchObject({ what: "error", type: 1, code: 0 });
  });

  test("an error that quotes no more than RFC 792 asks for: 64 bits of our message", () => {
    const bytes = Uint8Array.fromHex(captured.network4).subarray(0, 20 + 8 + 20 + 8);
    const arrival = readArrival(4, bytes, bytes.length, stamp(0x0553));
    expect(arrival).toMatchObject({ what: "error", sequence: 1 });
    expect(arrival).not.toHaveProperty("probe");
  });

  test("any bytes are read without throwing, and random ones are never ours", () => {
    const ours = makeStamp();
    fc.assert(
      fc.property(fc.constantFrom(4, 6), fc.uint8Array({ maxLength: 200 }), fc.nat(300), (family, bytes, length) => {
        expect(readArrival(family, bytes, length, ours)).toBeUndefined();
      }),
    );
  });

  test("captured packets with any byte changed, and cut anywhere, are read without throwing", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(captured)),
        fc.nat(80),
        fc.nat(255),
        fc.nat(80),
        (hex, at, value, length) => {
          const bytes = Uint8Array.fromHex(hex);
          if (at < bytes.length) bytes[at] = value;
          for (const family of [4, 6] as const) {
            const arrival = readArrival(family, bytes, length, stamp(0x054d));
            expect([undefined, "reply", "error"]).toContain(arrival?.what);
          }
        },
      ),
    );
  });
});

describe("requests", () => {
  test("are what ping sends: type, code, checksum, identifier, sequence, payload", () => {
    const four = new EchoRequest(4, stamp(0x054d), 20 + 8 + 12).next(1, 0xd5b30900);
    expect(four.toHex()).toBe(captured.request4.slice(0, 40)); // ping's last four bytes are zero: the same sum
    const six = new EchoRequest(6, stamp(0x054e), 40 + 8 + 12).next(1, 0x51c90900);
    // The kernel puts the checksum of ICMPv6.
    expect(six.toHex()).toBe(`80000000${captured.request6.slice(8, 40)}`);
  });

  test("have a right checksum for any size, sequence and number", () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 9000 }), fc.nat(0xffff), fc.nat(0xffff_ffff), (size, sequence, probe) => {
        const request = new EchoRequest(4, makeStamp(), size);
        request.next(0x1234, 0x12345678);
        const message = request.next(sequence, probe);
        expect(message.length).toBe(size - 20);
        expect(internetChecksum(message)).toBe(0);
      }),
    );
  });

  test("come back as replies when only the type changes", () => {
    fc.assert(
      fc.property(fc.nat(0xffff), fc.nat(0xffff_ffff), (sequence, probe) => {
        const mine = makeStamp();
        const message = new EchoRequest(6, mine, 100).next(sequence, probe);
        message[0] = 129;
        expect(readArrival(6, message, message.length, mine)).toEqual({ what: "reply", sequence, probe });
      }),
    );
  });

  test("have room for identification", () => {
    expect(sizeLimits(4)).toEqual([40, 65535]);
    expect(sizeLimits(6)).toEqual([60, 65535]);
  });
});
