import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Bytes, WireError, Writer, attrs, cstr, pad, struct, u32, u8 } from "../wire/index.ts";
import { NetlinkError } from "./error.ts";
import { familyHeader, messages, putRequest } from "./frame.ts";
import { request } from "./request.ts";

const thing = {
  name: "newthing",
  type: 16,
  header: struct({ family: u8, pad: pad(3) }),
  attrs: attrs({ name: [3, cstr], size: [4, u32] }),
};
const header = { family: 2, pad: 0 } as const;
const asked = request(thing, 0x400, header, { name: "lo", size: 9 }, "add thing lo");

const read = (hex: string, sent?: Uint8Array) => {
  const bytes = Uint8Array.fromHex(hex);
  return [
    ...messages(
      new Bytes(bytes),
      bytes.length,
      () => sent,
      () => (sent === undefined ? undefined : asked),
    ),
  ];
};

const sent = (): Uint8Array => {
  const writer = new Writer(8);
  putRequest(writer, asked, 7, 4);
  return writer.finish();
};

/** `struct nlmsgerr` of sequence 7 with an errno, capped: only the header of the request follows. */
const error = (length: string, flags: string, number: string): string =>
  `${length}0000000200${flags}0700000000000000${number}240000001000050407000000${"00".repeat(4)}`;

test("a request is its length, type, flags, sequence, header and attributes", () => {
  expect(sent().toHex()).toBe(
    "24000000" + "1000" + "0504" + "07000000" + "00000000" + "02000000" + "070003006c6f0000" + "0800040009000000",
  );
});

test("a value that does not fit says what was being done, and where", () => {
  const wrong = request(thing, 0, header, { size: -1 }, "add thing lo");
  expect(() => putRequest(new Writer(), wrong, 7, 4)).toThrow(
    expect.objectContaining({
      name: "WireError",
      path: ["size"],
      message: "add thing lo: size: -1 is not an integer from 0 to 4294967295",
    }),
  );
});

describe("an answer", () => {
  test("is split into its messages", () => {
    const data = "1500000010000200070000000000000002000000ff" + "000000";
    const done = "14000000030002000700000000000000" + "00000000";
    expect(read(data + done)).toEqual([
      { what: "data", sequence: 7, flags: 2, type: 16, from: 16, to: 21 },
      { what: "done", sequence: 7, flags: 2, refusal: undefined },
    ]);
  });

  test("can be yes", () => {
    expect(read(error("24", "0001", "00000000"))).toMatchObject([{ what: "ack", sequence: 7, refusal: undefined }]);
  });

  test("can be a bare errno", () => {
    expect(read(error("24", "0001", "efffffff"))).toMatchObject([{ what: "ack", refusal: { errno: 17 } }]);
  });

  test("can have a sentence, the offset of an attribute, or the number of one that is missing", () => {
    const sentence = "0800010042616400";
    expect(read(error("3c", "0003", "eaffffff") + sentence + "080002001c000000" + "0800050004000000", sent())).toEqual([
      {
        what: "ack",
        sequence: 7,
        flags: 0x300,
        refusal: { errno: 22, sentence: "Bad", path: "size", missing: 4 },
      },
    ]);
  });

  test("can have what an attribute should have been", () => {
    const policy = "0c000480" + "080001000c000000";
    expect(read(error("38", "0003", "deffffff") + policy + "080002001c000000", sent())).toMatchObject([
      { what: "ack", refusal: { errno: 34, path: "size" } },
    ]);
  });

  test("can end a list with an errno and a sentence", () => {
    const done = "1c000000030002020700000000000000" + "f0ffffff" + "0800010042616400";
    expect(read(done)).toMatchObject([{ what: "done", refusal: { errno: 16, sentence: "Bad" } }]);
  });

  test.each([
    ["shorter than its own header", "0f000000100000000700000000000000", 15],
    ["longer than what came", "ff000000100000000700000000000000", 255],
    ["too short for an errno and the request's header", "14000000020000000700000000000000" + "00000000", 20],
  ])("that is %s is refused: its end would be waited for", (_, hex, size) => {
    expect(() => read(hex)).toThrow(
      expect.objectContaining({
        name: "WireError",
        code: "short",
        message: expect.stringContaining(`claims ${size} bytes`),
      }),
    );
  });

  test("may be followed by less than a header", () => {
    expect(read(error("24", "0001", "00000000") + "000000")).toHaveLength(1);
  });

  test("without its family's whole header is refused", () => {
    const bytes = new Bytes(new Uint8Array(64));
    expect(familyHeader(thing, bytes, 16, 20)).toEqual({ family: 0, pad: 0 });
    expect(() => familyHeader(thing, bytes, 16, 19)).toThrow(
      "newthing has a header of 4 bytes, 3 are left (at byte 16)",
    );
  });

  test("of any bytes is read, or refused by a WireError", () => {
    const whole = Uint8Array.fromHex(error("34", "0003", "eaffffff") + "0800010042616400" + "080002001c000000");
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 }), (changes) => {
        const bytes = whole.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        try {
          expect(read(bytes.toHex(), sent()).length).toBeLessThan(4);
        } catch (problem) {
          expect(problem).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  [{ errno: 17 }, "EEXIST", "add thing lo: File exists (EEXIST)"],
  [
    { errno: 22, sentence: "Too small", path: "size" },
    "EINVAL",
    "add thing lo: Too small - Invalid argument (EINVAL, attribute size)",
  ],
  [{ errno: 22, missing: 4 }, "EINVAL", "add thing lo: Invalid argument (EINVAL, attribute number 4 is missing)"],
  [{ errno: 4242 }, "errno 4242", "add thing lo: unknown error (errno 4242)"],
  [{ code: "interrupted", sentence: "changed" }, "interrupted", "add thing lo: changed"],
] as const)("%#: a refusal in words", (problem, code, message) => {
  const said = new NetlinkError("add thing lo", problem);
  expect([said.code, said.message]).toEqual([code, message]);
});
