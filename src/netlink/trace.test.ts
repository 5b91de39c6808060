import { describe, expect, test } from "bun:test";
import { attrs, cstr, pad, struct, u32, u8 } from "../wire/index.ts";
import { type AnyMessageKind, flagNames, request } from "./request.ts";
import { explain, textTracer } from "./trace.ts";

const thing = { header: struct({ family: u8, pad: pad(3) }), attrs: attrs({ name: [3, cstr], size: [4, u32] }) };
const newthing = { name: "newthing", type: 16, ...thing };
const getthing = { name: "getthing", type: 18, ...thing };
const kinds: ReadonlyMap<number, AnyMessageKind> = new Map([[16, newthing]]);

/** newthing, flags REQUEST, ACK, EXCL and CREATE, sequence 7; family 2; name "lo". */
const asked = Uint8Array.fromHex("1c00000010000506" + "0700000000000000" + "02000000" + "070003006c6f0000");
/** Number 18: getthing, that the table above lacks. */
const other = Uint8Array.fromHex("1400000012000103" + "0800000000000000" + "02000000");

describe("explain", () => {
  test("shows header, family header and attributes", () => {
    expect(`\n${explain(asked, kinds)}\n`).toBe(`
    0  1c 00 00 00 10 00 05 06 …  newthing length 28 flags REQUEST|ACK|EXCL|CREATE sequence 7
   16  02 00 00 00                header {family 2, pad 0}
   20  07 00 03 00 6c 6f 00       name "lo"
`);
  });

  test.each([
    ["0102", "malformed shorter than a header"],
    [asked.toHex().slice(0, 34), "malformed shorter than the header of newthing"],
    [asked.toHex().slice(0, 44), "header {family 2, pad 0}"],
    [`${asked.toHex().slice(0, 40)}ff000300`, "malformed an attribute claims 255 bytes, 4 are left (at byte 20)"],
    [other.toHex(), "message 18 length 20 flags REQUEST|0x300 sequence 8".replace("0x300", "REPLACE|EXCL")],
  ])("%s: %s", (hex, line) => {
    expect(explain(Uint8Array.fromHex(hex), kinds)).toContain(line);
  });
});

test.each([
  [0x301, "getlink", "REQUEST|ROOT|MATCH"],
  [0x505, "newroute", "REQUEST|ACK|REPLACE|CREATE"],
  [0x12, "newlink", "MULTI|DUMP_INTR"],
  [0, "newlink", "0"],
  [0x9000, "newlink", "0x9000"],
  [0x8001, "newlink", "REQUEST|0x8000"],
] as const)("flags 0x%s", (flags, message, names) => {
  expect(flagNames(flags, message)).toBe(names);
});

describe("a tracer", () => {
  const traced = (): { readonly lines: string[]; readonly tracer: ReturnType<typeof textTracer> } => {
    const lines: string[] = [];
    return { lines, tracer: textTracer(kinds, (text) => lines.push(...text.trimEnd().split("\n"))) };
  };

  test("says what is done, what is answered, and how it ends", () => {
    const { lines, tracer } = traced();
    tracer.request(asked, request(newthing, 0, { family: 2, pad: 0 }, {}, "add thing lo"));
    tracer.answer(asked, newthing);
    tracer.ack(7, undefined);
    tracer.ack(8, { errno: 22, sentence: "Too small", path: "size" });
    expect(lines.filter((line) => /^[<>]/.test(line))).toEqual([
      "> add thing lo",
      "<",
      "< sequence 7: ok",
      "< sequence 8: refused: Too small - Invalid argument (EINVAL, attribute size)",
    ]);
    expect(lines.filter((line) => line.includes('name "lo"')).length).toBe(2);
  });

  test("names the kind that is asked though its table lacks it", () => {
    const { lines, tracer } = traced();
    tracer.request(other, request(getthing, 0, { family: 2, pad: 0 }, {}, "list things"));
    expect(lines[1]).toContain("getthing length 20 flags REQUEST|ROOT|MATCH sequence 8");
  });
});
