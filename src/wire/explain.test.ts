import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { attrs } from "./attrs.ts";
import { Bytes } from "./bytes.ts";
import { explainAttrs, formatDump, pathAt } from "./explain.ts";
import { list } from "./list.ts";
import { be16, cstr, ip4, u32 } from "./scalars.ts";

const link = attrs({
  name: [3, cstr],
  mtu: [4, u32],
  info: [18, attrs({ kind: [1, cstr], data: [2, attrs({ id: [1, u32], local: [4, ip4], port: [15, be16] })] })],
  names: [52, list(cstr, 53)],
});

const message = Uint8Array.fromHex(
  "0900030076786c3000000000" + // name vxl0
    "34001280" + // info
    "0a00010076786c616e000000" + // kind vxlan
    "24000280" + // data
    "0800010064000000" + // id 100
    "08000400c0000201" + // local 192.0.2.1
    "06000fc012b50000" + // port 4789, marked nested and net-byteorder
    "08006300deadbeef" + // unknown
    "0c003480" + // names
    "0600350061000000",
);

const dump = (bytes: Uint8Array): string =>
  `\n${formatDump(explainAttrs(link, new Bytes(bytes), 0, bytes.length), bytes)}\n`;

describe("a dump", () => {
  test("has offsets, bytes, names and values, nested ones indented", () => {
    expect(dump(message)).toBe(`
    0  09 00 03 00 76 78 6c 30 …  name "vxl0"
   12  34 00 12 80 0a 00 01 00 …  info nested
   16  0a 00 01 00 76 78 6c 61 …    kind "vxlan"
   28  24 00 02 80 08 00 01 00 …    data nested
   32  08 00 01 00 64 00 00 00        id 100
   40  08 00 04 00 c0 00 02 01        local "192.0.2.1"
   48  06 00 0f c0 12 b5              port 4789 nested net-byteorder
   56  08 00 63 00 de ad be ef        attribute 99 de ad be ef
   64  0c 00 34 80 06 00 35 00 …  names nested
   68  06 00 35 00 61 00            0 "a"
`);
  });

  test("says what does not decode, and goes on", () => {
    expect(dump(Uint8Array.fromHex("06000400dc050000" + "070003006c6f0000"))).toBe(`
    0  06 00 04 00 dc 05          mtu dc 05 (u32 takes 4 bytes, got 2 (at byte 4))
    8  07 00 03 00 6c 6f 00       name "lo"
`);
  });

  test("shows where it is malformed", () => {
    expect(dump(Uint8Array.fromHex("08000400dc050000" + "ff0003006c6f0000"))).toBe(`
    0  08 00 04 00 dc 05 00 00    mtu 1500
    8  ff 00 03 00 6c 6f 00 00    malformed an attribute claims 255 bytes, 8 are left (at byte 8)
`);
  });

  test("never throws", () => {
    const change = fc.tuple(fc.nat(message.length - 1), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), fc.nat(message.length), (changes, end) => {
        const bytes = message.slice(0, end);
        for (const [at, byte] of changes) if (at < end) bytes[at] = byte;
        expect(typeof dump(bytes)).toBe("string");
        expect(Array.isArray(pathAt(link, bytes, 0, 40))).toBe(true);
      }),
    );
  });
});

test.each([
  [0, ["name"]],
  [12, ["info"]],
  [15, ["info"]],
  [28, ["info", "data"]],
  [40, ["info", "data", "local"]],
  [45, ["info", "data", "local"]],
  [56, ["info", "data", "99"]],
  [68, ["names", "0"]],
  [900, []],
] as const)("byte %i is in %p", (offset, path) => {
  expect<readonly string[]>(pathAt(link, message, 0, offset)).toEqual(path);
});
