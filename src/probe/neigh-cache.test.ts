import { expect, test } from "bun:test";
import { hostIsLittleEndian } from "../wire/index.ts";
import { type CacheEntry, familyOfEntry, fateOf } from "./neigh-cache.ts";
import { parseIp, ipToBytes } from "../values/index.ts";

/** States of linux/neighbour.h. */
const NUD = { incomplete: 1, reachable: 2, stale: 4, delay: 8, probe: 16, failed: 32, noarp: 64, permanent: 128 };

function entry(state: keyof typeof NUD, ip: string, flags = 0, extended = 0): CacheEntry {
  const header = new Uint8Array(12);
  new DataView(header.buffer).setUint16(8, NUD[state], hostIsLittleEndian);
  header[10] = flags;
  return { header, dst: ipToBytes(parseIp(ip)), extended };
}

test.each(["reachable", "stale", "delay", "probe", "failed"] as const)("%s: the kernel learnt it", (state) => {
  expect(fateOf(entry(state, "10.0.0.1"))).toBe("cached");
  expect(fateOf(entry(state, "fd00::1"))).toBe("cached");
});

test("packets wait in unresolved ones", () => {
  expect(fateOf(entry("incomplete", "10.0.0.1"))).toBe("unresolved");
});

test("what somebody put there stays", () => {
  expect(fateOf(entry("permanent", "10.0.0.1"))).toBe("exempt");
  expect(fateOf(entry("stale", "10.0.0.1", 0x10))).toBe("exempt"); // NTF_EXT_LEARNED
  expect(fateOf(entry("reachable", "10.0.0.1", 0, 1))).toBe("kept"); // NTF_EXT_MANAGED
  expect(fateOf(entry("noarp", "10.0.0.1"))).toBe("kept");
  expect(fateOf(entry("noarp", "fd00::1"))).toBe("kept");
});

test("groups need no resolution: the kernel made them", () => {
  expect(fateOf(entry("noarp", "ff02::1:ff00:1"))).toBe("cached");
  expect(fateOf(entry("noarp", "224.0.0.22"))).toBe("cached");
  expect(fateOf(entry("noarp", "240.0.0.1"))).toBe("kept");
});

test("the family is told by the address", () => {
  expect(familyOfEntry(entry("stale", "10.0.0.1"))).toBe(4);
  expect(familyOfEntry(entry("stale", "fd00::1"))).toBe(6);
});
