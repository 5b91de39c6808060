import { expect, test } from "bun:test";
import { parseVni } from "./vni.ts";

test.each([0, 1, 16777215])("%p is a VNI", (n) => {
  expect<number>(parseVni(n)).toBe(n);
});

test.each([-1, 16777216, 1.5, Number.NaN])("%p is refused", (n) => {
  expect(() => parseVni(n)).toThrow(expect.objectContaining({ code: "bad-vni", text: String(n) }));
});
