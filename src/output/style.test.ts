import { expect, test } from "bun:test";
import { colored, plain, styleFor, wantsColor, wantsUnicode } from "./style.ts";

test.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: "1" }, true, false],
  [{ NO_COLOR: "" }, true, true],
  [{ CLICOLOR_FORCE: "1" }, false, true],
  [{ CLICOLOR_FORCE: "0" }, false, false],
  [{ CLICOLOR_FORCE: "1", NO_COLOR: "1" }, true, false],
  [{ CLICOLOR: "0" }, true, false],
  [{ TERM: "dumb" }, true, false],
])("with %p and terminal %p colour is %p", (env, tty, expected) => {
  expect(wantsColor({ env, tty })).toBe(expected);
});

test("a flag beats the environment", () => {
  expect(wantsColor({ env: { CLICOLOR_FORCE: "1" }, tty: true, flag: false })).toBe(false);
  expect(wantsColor({ env: { NO_COLOR: "1" }, tty: false, flag: true })).toBe(true);
});

test("styles", () => {
  expect(styleFor({ env: {}, tty: true })).toBe(colored);
  expect(colored.paint("bad", "x")).toBe("\u001b[31mx\u001b[0m");
  expect(colored.paint("bad", "")).toBe("");
  expect(plain.paint("bad", "x")).toBe("x");
});

test.each([
  [{ LANG: "en_US.UTF-8" }, true],
  [{ LANG: "en_US.UTF-8", LC_ALL: "C" }, false],
  [{ LC_CTYPE: "C.utf8", LANG: "C" }, true],
  [{}, true],
  [{ TERM: "linux" }, false],
])("with %p unicode is %p", (env, expected) => {
  expect(wantsUnicode(env)).toBe(expected);
});
