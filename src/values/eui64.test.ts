import { expect, test } from "bun:test";
import { eui64Ip, isLinkLocal, linkLocalPrefix } from "./eui64.ts";
import { parseIp } from "./ip.ts";
import { parseMac } from "./mac.ts";
import { parsePrefix } from "./prefix.ts";

// RFC 4291 appendix A's own example, xcluster's eth1 of node 1 (`ipu linklocal`), and a locally administered address.
test.each([
  ["34:56:78:9a:bc:de", "fe80::3656:78ff:fe9a:bcde"],
  ["00:00:00:01:01:01", "fe80::200:ff:fe01:101"],
  ["da:5e:dd:7d:01:af", "fe80::d85e:ddff:fe7d:1af"],
])("%s is %s on its link", (mac, ip) => {
  expect<string>(eui64Ip(linkLocalPrefix, parseMac(mac))).toBe(ip);
});

test("the prefix gives the first half, whatever its host bits are", () => {
  expect<string>(eui64Ip(parsePrefix("fd00:1:2:3::77/64"), parseMac("00:00:00:01:01:01"))).toBe(
    "fd00:1:2:3:200:ff:fe01:101",
  );
  expect(() => eui64Ip(parsePrefix("10.0.0.0/8"), parseMac("00:00:00:01:01:01"))).toThrow("is IPv4");
});

test.each([
  ["fe80::1", true],
  ["febf::1", true],
  ["fec0::1", false],
  ["169.254.0.1", false],
  ["fd00::1", false],
])("%s is link-local: %p", (ip, expected) => {
  expect(isLinkLocal(parseIp(ip))).toBe(expected);
});
