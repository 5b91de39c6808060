import { describe, expect, test } from "bun:test";
import { parseIp, parseMac } from "../values/index.ts";
import { decode } from "./attrs.ts";
import { Writer } from "./bytes.ts";
import type { AnyCodec, Codec } from "./codec.ts";
import { packed, pad, pair, struct } from "./composites.ts";
import {
  be16,
  be32,
  be64,
  bool8,
  choice,
  cstr,
  ip,
  ip4,
  ip6,
  mac,
  raw,
  s32,
  u16,
  u32,
  u64,
  u8,
  uint,
} from "./scalars.ts";

const put = <S>(codec: Codec<unknown, S>, value: S): Uint8Array => {
  const writer = new Writer(1);
  codec.put(writer, value);
  return writer.finish();
};

const colour = choice(u8, { red: 1, green: 2 });
const ports = struct({ low: be16, hole: pad(2), high: be16 });

/** As C lays them out on a little-endian host, which is every host that Bun runs on. */
const both: readonly (readonly [name: string, codec: AnyCodec, value: unknown, hex: string])[] = [
  ["u8", u8, 255, "ff"],
  ["u16", u16, 0x1234, "3412"],
  ["u32", u32, 0xfedc_ba98, "98badcfe"],
  ["s32", s32, -2, "feffffff"],
  ["u64", u64, 0x1122_3344_5566_7788n, "8877665544332211"],
  ["be16", be16, 4789, "12b5"],
  ["be32", be32, 0x0a00_0001, "0a000001"],
  ["be64", be64, 0x1122_3344_5566_7788n, "1122334455667788"],
  ["uint of four bytes", uint, 7n, "07000000"],
  ["uint of eight bytes", uint, 0x1_0000_0000n, "0000000001000000"],
  ["bool8 on", bool8, true, "01"],
  ["bool8 off", bool8, false, "00"],
  ["cstr", cstr, "lo", "6c6f00"],
  ["an empty cstr", cstr, "", "00"],
  ["cstr beyond ASCII", cstr, "é", "c3a900"],
  ["raw", raw, new Uint8Array([1, 2, 3]), "010203"],
  ["ip4", ip4, parseIp("192.0.2.1"), "c0000201"],
  ["ip6", ip6, parseIp("2001:db8::1"), "20010db8000000000000000000000001"],
  ["ip of IPv4", ip, parseIp("192.0.2.1"), "c0000201"],
  ["ip of IPv6", ip, parseIp("::1"), "00000000000000000000000000000001"],
  ["mac", mac, parseMac("02:00:00:00:00:0a"), "02000000000a"],
  ["choice", colour, "green", "02"],
  ["choice without a name", colour, 9, "09"],
  ["pair", pair(be16), [1, 2], "00010002"],
  ["packed", packed(u16), [1, 2, 3], "010002000300"],
  ["an empty packed", packed(u16), [], ""],
  ["struct", ports, { low: 1, hole: 0, high: 2 }, "000100000002"],
];

describe("value and bytes, both ways", () => {
  test.each(both)("%s", (_, codec, value, hex) => {
    expect(put(codec, value as never).toHex()).toBe(hex);
    expect(decode(codec, Uint8Array.fromHex(hex))).toEqual(value);
  });

  test("what the kernel writes in more than one way", () => {
    expect(decode(cstr, Uint8Array.fromHex("6c6f"))).toBe("lo");
    expect(decode(cstr, Uint8Array.fromHex("6c6f0078"))).toBe("lo");
    expect(decode(bool8, Uint8Array.fromHex("80"))).toBe(true);
  });

  test("raw bytes are a copy: the receive buffer is used again", () => {
    const buffer = new Uint8Array([1, 2]);
    const copy = decode(raw, buffer);
    buffer.fill(9);
    expect(copy).toEqual(new Uint8Array([1, 2]));
  });
});

const refusedValues: readonly (readonly [name: string, codec: AnyCodec, value: unknown, code: string])[] = [
  ["u8 of 256", u8, 256, "overflow"],
  ["u8 of -1", u8, -1, "overflow"],
  ["u16 of 65536", u16, 0x1_0000, "overflow"],
  ["be16 of 65536", be16, 0x1_0000, "overflow"],
  ["u32 of 2^32", u32, 0x1_0000_0000, "overflow"],
  ["u32 of one half", u32, 0.5, "overflow"],
  ["u32 of NaN", u32, Number.NaN, "overflow"],
  ["s32 of 2^31", s32, 0x8000_0000, "overflow"],
  ["u64 of 2^64", u64, 1n << 64n, "overflow"],
  ["u64 of -1", u64, -1n, "overflow"],
  ["be64 of 2^64", be64, 1n << 64n, "overflow"],
  ["uint of -1", uint, -1n, "overflow"],
  ["a NUL in a string", cstr, "a\0b", "bad-value"],
  ["IPv6 as ip4", ip4, parseIp("::1"), "bad-value"],
  ["IPv4 as ip6", ip6, parseIp("192.0.2.1"), "bad-value"],
  ["a name that is no choice", colour, "blue", "bad-value"],
  ["a struct's field", ports, { low: 1, hole: 0, high: 70_000 }, "overflow"],
];

const refusedBytes: readonly (readonly [name: string, codec: AnyCodec, hex: string, code: string])[] = [
  ["u16 of one byte", u16, "01", "short"],
  ["u16 of three bytes", u16, "010203", "long"],
  ["no u8", u8, "", "short"],
  ["uint of three bytes", uint, "010203", "bad-value"],
  ["ip of five bytes", ip, "0102030405", "bad-value"],
  ["mac of five bytes", mac, "0102030405", "short"],
  ["struct without its end", ports, "00010000", "short"],
  ["half a packed value", packed(u16), "010002", "short"],
];

describe("refused", () => {
  test.each(refusedValues)("to write %s", (_, codec, value, code) => {
    expect(() => put(codec, value as never)).toThrow(expect.objectContaining({ name: "WireError", code }));
  });

  test.each(refusedBytes)("to read %s", (_, codec, hex, code) => {
    expect(() => decode(codec, Uint8Array.fromHex(hex))).toThrow(expect.objectContaining({ name: "WireError", code }));
  });

  test("a field of a struct is named", () => {
    expect(() => put(ports, { low: 1, hole: 0, high: 70_000 })).toThrow(
      "high: 70000 is not an integer from 0 to 65535",
    );
  });
});
