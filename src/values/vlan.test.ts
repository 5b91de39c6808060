import { expect, test } from "bun:test";
import { parseVlanId } from "./vlan.ts";

test.each([1, 100, 4094])("%p is a VLAN id", (n) => {
  expect<number>(parseVlanId(n)).toBe(n);
});

test.each([-1, 0, 4095, 1.5, Number.NaN])("%p is refused", (n) => {
  expect(() => parseVlanId(n)).toThrow(expect.objectContaining({ code: "bad-vlan", text: String(n) }));
});
