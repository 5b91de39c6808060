import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { NESTED, attrs, decode, dependent } from "./attrs.ts";
import { Writer } from "./bytes.ts";
import type { AnyCodec, Codec } from "./codec.ts";
import { pair } from "./composites.ts";
import { WireError } from "./error.ts";
import { list } from "./list.ts";
import { be16, cstr, flag, raw, u16, u32, u8 } from "./scalars.ts";

const tunnel = attrs({ id: [1, u32], port: [15, be16], ports: [10, pair(be16)] });
const bridge = attrs({ ageing: [4, u32] });
const kindOf = (kind: unknown): AnyCodec => (kind === "tunnel" ? tunnel : kind === "bridge" ? bridge : raw);

const link = attrs({
  name: [3, cstr],
  mtu: [4, u32],
  external: [5, flag],
  names: [6, list(cstr, 53)],
  answer: [7, { set: u8, get: u16 }],
  kind: [1, cstr],
  data: [2, dependent<unknown, object>("kind", kindOf)],
});

const put = <S>(codec: Codec<unknown, S>, value: S): Uint8Array => {
  const writer = new Writer(1);
  codec.put(writer, value);
  return writer.finish();
};
const hex = <S>(codec: Codec<unknown, S>, value: S): string => put(codec, value).toHex();
const read = (bytes: string): unknown => decode(link, Uint8Array.fromHex(bytes));

describe("attributes", () => {
  test("are a length, a type and a payload, padded to four bytes", () => {
    expect(hex(link, { name: "lo", mtu: 1500 })).toBe("070003006c6f0000" + "08000400dc050000");
    expect(read("070003006c6f0000" + "08000400dc050000")).toEqual({ name: "lo", mtu: 1500 });
  });

  test("that are undefined are not written", () => {
    expect(hex(link, { name: undefined, mtu: 1500 })).toBe("08000400dc050000");
  });

  test("that are flags are there or not", () => {
    expect([hex(link, { external: true }), hex(link, { external: false })]).toEqual(["04000500", ""]);
    expect([read("04000500"), read("")]).toEqual([{ external: true }, {}]);
  });

  test("that carry attributes have the nested bit; reading does not need it", () => {
    const nested = "0b00010074756e6e656c0000" + "0c0002800800010007000000";
    expect(hex(link, { kind: "tunnel", data: { id: 7 } })).toBe(nested);
    expect(read(nested)).toEqual({ kind: "tunnel", data: { id: 7 } });
    expect(read(nested.replace("0280", "0200"))).toEqual({ kind: "tunnel", data: { id: 7 } });
  });

  test("can be read in another form than they are written", () => {
    expect(hex(link, { answer: 7 as never })).toBe("0500070007000000");
    expect(read("0600070001020000")).toEqual({ answer: 0x0201 });
  });

  test("depend on a sibling, wherever it stands, and are bytes where it is unknown or absent", () => {
    expect(read("0c0002000800040007000000" + "0b00010062726964676500" + "00")).toEqual({
      kind: "bridge",
      data: { ageing: 7 },
    });
    expect(read("0600010078000000" + "0600020001020000")).toEqual({ kind: "x", data: new Uint8Array([1, 2]) });
    expect(read("0600020001020000")).toEqual({ data: new Uint8Array([1, 2]) });
  });

  test("can be a list of one type", () => {
    const names = "14000680" + "0600350061000000" + "0700350062620000";
    expect(hex(link, { names: ["a", "bb"] })).toBe(names);
    expect(read(names)).toEqual({ names: ["a", "bb"] });
  });

  test("that the table does not know survive with their flag bits, or are skipped if it says so", () => {
    const unknown = "0700e783010203" + "00";
    const other = [{ type: 999 | NESTED, data: new Uint8Array([1, 2, 3]) }];
    expect(read(unknown)).toEqual({ other });
    expect(hex(link, { other })).toBe(unknown);
    expect(decode(attrs({}, "skip"), Uint8Array.fromHex(unknown))).toEqual({});
  });

  test("of less than a header at the end are padding", () => {
    expect(read("08000400dc050000" + "0000")).toEqual({ mtu: 1500 });
  });
});

describe("refused", () => {
  test.each([
    ["06000400dc050000", "short", ["mtu"], "a short payload"],
    ["0c000400dc05000000000000", "long", ["mtu"], "a long payload"],
    ["09000400dc050000", "short", [], "a length beyond the end"],
    ["03000400dc050000", "short", [], "a length shorter than the header"],
    ["0b00010074756e6e656c0000" + "0a0002800600010007000000", "short", ["data", "id"], "a payload within"],
    ["14000680" + "0600350061000000" + "ff00350062620000", "short", ["names"], "a list's element"],
  ] as const)("%s: %s in %p, %s", (bytes, code, path) => {
    expect(() => read(bytes)).toThrow(expect.objectContaining({ name: "WireError", code, path }));
  });

  test("a value names its attribute, from the outside in", () => {
    const wrong = () => put(link, { kind: "tunnel", data: { port: 65_536 } });
    expect(wrong).toThrow(expect.objectContaining({ code: "overflow", path: ["data", "port"] }));
    expect(wrong).toThrow("data.port: 65536 is not an integer from 0 to 65535");
  });

  test("an attribute that is not in the table", () => {
    expect(() => put(link, { nmae: "lo" } as never)).toThrow("nmae: no such attribute in its table");
  });

  test("a payload whose length does not fit 16 bits", () => {
    const most = attrs({ data: [1, raw] });
    expect(put(most, { data: new Uint8Array(65_531) }).length).toBe(65_536);
    const wrong = () => put(most, { data: new Uint8Array(65_532) });
    expect(wrong).toThrow(expect.objectContaining({ code: "overflow", path: ["data"] }));
    expect(wrong).toThrow("data: 65536 bytes do not fit an attribute, whose length has 16 bits");
  });

  test("nested attributes that are too long together", () => {
    const half = new Uint8Array(40_000);
    const wrong = () => put(attrs({ all: [1, list(raw)] }), { all: [half, half] });
    expect(wrong).toThrow(expect.objectContaining({ code: "overflow", path: ["all"] }));
  });
});

test("any bytes decode, or are refused by a WireError", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        decode(link, bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }),
    { numRuns: 2000 },
  );
});

test("any values come back as they were", () => {
  const values = fc.record(
    {
      mtu: fc.integer({ min: 0, max: 0xffff_ffff }),
      name: fc.string().filter((text) => !text.includes("\0") && text.isWellFormed()),
      kind: fc.constant("tunnel"),
      data: fc.record({ id: fc.nat(), ports: fc.tuple(fc.nat(0xffff), fc.nat(0xffff)) }),
    },
    { requiredKeys: ["kind"] },
  );
  fc.assert(
    fc.property(values, (value) => {
      expect<unknown>(decode(link, put(link, value))).toEqual(value);
    }),
  );
});
