import { describe, expect, test } from "bun:test";
import { IpamError } from "./error.ts";
import { type RangeText, readRange } from "./range.ts";

test.each([
  [{ subnet: "10.1.0.0/16" }, "10.1.0.1", "10.1.255.254", "10.1.0.1"],
  [{ subnet: "10.1.0.0/30" }, "10.1.0.1", "10.1.0.2", "10.1.0.1"],
  [{ subnet: "fd00::/64" }, "fd00::1", "fd00::ffff:ffff:ffff:ffff", "fd00::1"],
  [{ subnet: "FD00:0::/126" }, "fd00::1", "fd00::3", "fd00::1"],
  [{ subnet: "10.1.0.0/24", rangeStart: "10.1.0.7", rangeEnd: "10.1.0.7" }, "10.1.0.7", "10.1.0.7", "10.1.0.1"],
  [{ subnet: "10.1.0.0/24", rangeStart: "10.1.0.0", rangeEnd: "10.1.0.255" }, "10.1.0.0", "10.1.0.255", "10.1.0.1"],
  [{ subnet: "10.1.0.0/24", gateway: "192.0.2.1" }, "10.1.0.1", "10.1.0.254", "192.0.2.1"],
])("%j is %s to %s, gateway %s", (text, first, last, gateway) => {
  const range = readRange(text, "r");
  expect<unknown>([range.first, range.last, range.gateway]).toEqual([first, last, gateway]);
});

describe("refusals say what is wrong, where, and what to write", () => {
  const refusals: readonly [RangeText, string, string, string][] = [
    [{ subnet: "10.1.0.0" }, "subnet", "it has no length", "10.1.0.0/16"],
    [{ subnet: "10.1.0.1/24" }, "subnet", "the subnet 10.1.0.1/24 has host bits set", "write 10.1.0.0/24"],
    [{ subnet: "10.1.0.0/31" }, "subnet", "10.1.0.0/31 is too small", "/30 or shorter"],
    [{ subnet: "fd00::/127" }, "subnet", "fd00::/127 is too small", "/126 or shorter"],
    [{ subnet: "10.1.0.0/24", rangeStart: "10.2.0.1" }, "rangeStart", "rangeStart 10.2.0.1 is not in the subnet", "10.1.0.0 to 10.1.0.255"],
    [{ subnet: "10.1.0.0/24", rangeEnd: "fd00::1" }, "rangeEnd", "rangeEnd fd00::1 is not in the subnet", "leave rangeEnd out"],
    [{ subnet: "10.1.0.0/24", rangeEnd: "10.1.0.256" }, "rangeEnd", "at most 255", "10.1.0.0/24"],
    [{ subnet: "10.1.0.0/24", rangeStart: "10.1.0.9", rangeEnd: "10.1.0.8" }, "rangeEnd", "ends at 10.1.0.8, before its start 10.1.0.9", "rangeEnd"],
    [{ subnet: "10.1.0.0/24", rangeStart: "10.1.0.255" }, "rangeStart", "ends at 10.1.0.254, before its start", "rangeEnd"],
    [{ subnet: "10.1.0.0/24", gateway: "fd00::1" }, "gateway", "another address family", "IPv4"],
    [{ subnet: "10.1.0.0/24", gateway: "x" }, "gateway", "is not an IP address", "10.1.0.0/24"],
  ]; // prettier-ignore
  test.each(refusals)("%j", (text, key, message, remedy) => {
    try {
      readRange(text, "ipam.ranges[0][1]");
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof IpamError)) throw error;
      expect(error.code).toBe("bad-range");
      expect(error.where).toBe(`ipam.ranges[0][1].${key}`);
      expect(error.message).toContain(message);
      expect(error.remedy).toContain(remedy);
    }
  });
});
