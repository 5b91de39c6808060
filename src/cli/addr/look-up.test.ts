import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { embedTemplate, parseTemplate, templateRoom } from "../../values/index.ts";
import { hostAddress } from "./address-view.ts";
import { findAll, requireAll } from "./look-up.ts";
import { templatesOf } from "./words.ts";

const v4 = parseTemplate("172.16.0.0/16/24");
const both = [v4, embedTemplate("1000::1:0.0.0.0", v4)];

test("what is made is found, with and without its length", () => {
  const templates = ["172.16.0.0/16/24", "10.0.0.0/8/20", "fd00::/16/64", "fd00:1::/48/120", "1.2.3.0/24/24"].map(
    parseTemplate,
  );
  const big = fc.bigInt({ min: 0n, max: 2n ** 128n });
  fc.assert(
    fc.property(fc.constantFrom(...templates), big, big, (template, a, b) => {
      const room = templateRoom(template);
      const made = hostAddress(template, a % room.net, b % room.host);
      expect(findAll([template], [made.ip, made.address])).toEqual({ found: [made, made], missing: [] });
    }),
  );
});

test("the template that has it is looked up in", () => {
  const { found, missing } = findAll(both, ["1000::1:ac10:203", "172.16.9.1", "1000::2:ac10:203"]);
  expect(found.map(({ net, host, family }) => [net, host, family])).toEqual([
    [2n, 3n, 6],
    [9n, 1n, 4],
  ]);
  expect<readonly string[]>(missing).toEqual(["1000::2:ac10:203"]);
  expect(() => requireAll(both, missing)).toThrow("1000::2:ac10:203 is not of the template");
  expect(() => requireAll(both, [])).not.toThrow();
});

test.each([
  ["172.16.2.3/16", "addresses of 172.16.0.0/16/24 have length 24"],
  ["172.16.2", "not an IP address"],
  ["172.16.2.3/x", "not a prefix"],
])("%s is refused: %s", (word, message) => {
  expect(() => findAll(both, [word])).toThrow(message);
});

test("the highest host of an IPv4 net is its broadcast address, but not of a pair", () => {
  expect(hostAddress(v4, 1n, 255n).broadcast).toBe(true);
  expect(hostAddress(v4, 1n, 254n).broadcast).toBe(false);
  expect(hostAddress(parseTemplate("10.0.0.0/24/31"), 0n, 1n).broadcast).toBe(false);
  expect(hostAddress(parseTemplate("fd00::/112/120"), 0n, 255n).broadcast).toBe(false);
});

describe("--ipv6", () => {
  test("is an address to embed in, or a template", () => {
    expect(templatesOf("172.16.0.0/16/24", "1000::1:0.0.0.0")).toEqual(both);
    expect(templatesOf("172.16.0.0/16/24", "fd00::/48/64")[1]).toEqual(parseTemplate("fd00::/48/64"));
  });

  test.each([
    ["fd00::/48/64", "fd01::", "is IPv6 already"],
    ["172.16.0.0/16/24", "10.0.0.0/8/16", "is IPv4"],
    ["172.16.0.0/16/24", "10.0.0.0", "without a length"],
  ])("with %s, not %s: %s", (template, other, message) => {
    expect(() => templatesOf(template, other)).toThrow(message);
  });
});
