import { expect, test } from "bun:test";
import { isDigits } from "./digits.ts";

test.each(["0", "007", "12345678901234567890"])("%p is digits", (text) => expect(isDigits(text)).toBe(true));
test.each(["", " 1", "1 ", "+1", "-1", "1.0", "1e3", "0x1", "١", "１"])("%p is not only digits", (text) =>
  expect(isDigits(text)).toBe(false),
);
