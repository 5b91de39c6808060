import { expect, test } from "bun:test";
import { cut, pad, visible } from "./text.ts";

test("what would disturb a terminal is spelt out", () => {
  expect(visible("a\u001b[2Jb\n\u009b")).toBe("a\\x1b[2Jb\\x0a\\x9b");
  expect(visible("evil\u202egpj.\ufeff")).toBe("evil\\u202egpj.\\ufeff");
  expect(visible("Grüße 日本")).toBe("Grüße 日本");
});

test.each([
  ["abc", 3, "abc"],
  ["abcd", 3, "ab…"],
  ["日本語", 5, "日本…"],
  ["日本語", 6, "日本語"],
  ["abc", 1, "…"],
  ["abc", 0, ""],
])("%p in %p columns is %p", (text, width, expected) => {
  expect(cut(text, width)).toBe(expected);
});

test("padding counts columns, not code units", () => {
  expect(pad("日本", 6)).toBe("日本  ");
  expect(pad("7", 3, "right")).toBe("  7");
});
