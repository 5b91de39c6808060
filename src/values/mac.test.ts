import { expect, test } from "bun:test";
import fc from "fast-check";
import { isUnicast, macFromBytes, macToBytes, parseMac, stableMac, tryMac } from "./mac.ts";

test("case is folded", () => {
  expect<string>(parseMac("02:00:5E:10:00:FF")).toBe("02:00:5e:10:00:ff");
  expect(macToBytes(parseMac("02:00:5E:10:00:FF"))).toEqual(Uint8Array.of(2, 0, 0x5e, 0x10, 0, 0xff));
});

test.each(["", "02:00:5e:10:00", "02:00:5e:10:00:ff:00", "2:0:5e:10:0:ff", "02-00-5e-10-00-ff", "02:00:5e:10:00:fg"])(
  "%p is refused",
  (text) => {
    expect(tryMac(text)).toBeUndefined();
    expect(() => parseMac(text)).toThrow(expect.objectContaining({ code: "bad-mac", text }));
  },
);

test("bytes and text are inverse", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), (bytes) => {
      const mac = macFromBytes(bytes);
      expect(macToBytes(mac)).toEqual(bytes);
      expect(parseMac(mac)).toBe(mac);
    }),
  );
  expect(() => macFromBytes(new Uint8Array(8))).toThrow("give exactly 6");
});

test("stable addresses are locally administered unicast, and stay what they are", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (seed) => {
      expect(stableMac(seed)).toBe(stableMac(seed));
      expect(parseMac(stableMac(seed))).toBe(stableMac(seed));
      expect((macToBytes(stableMac(seed))[0] ?? 0) & 0x03).toBe(0x02);
    }),
  );
  expect<string>(stableMac("vm-001-ns01")).toBe("36:d2:17:43:3e:9b");
});

test("ten thousand similar seeds give ten thousand addresses", () => {
  const macs = Array.from({ length: 10_000 }, (_, n) => stableMac(`lab/node-${n}/eth0`));
  expect(new Set(macs).size).toBe(macs.length);
});

test.each([
  ["02:00:00:00:00:01", true],
  ["00:00:00:00:00:01", true],
  ["01:00:5e:00:00:01", false],
  ["ff:ff:ff:ff:ff:ff", false],
  ["00:00:00:00:00:00", false],
])("%s: an interface can have it: %p", (text, expected) => {
  expect(isUnicast(parseMac(text))).toBe(expected);
});
