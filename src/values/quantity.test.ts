import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { formatDuration, formatPercent, formatRate, parseDuration, parsePercent, parseRate } from "./quantity.ts";

describe("rate", () => {
  test.each([
    ["10mbit", 1_250_000],
    ["1.5Gbit", 187_500_000],
    ["800kbit", 100_000],
    ["1000bit", 125],
    ["1.005mbit", 125_625],
    ["1kibit", 128],
    ["2TBIT", 250_000_000_000],
    ["1bps", 1],
    ["1kbps", 1000],
    ["10mbps", 10_000_000],
    ["1mibps", 1_048_576],
    ["0bit", 0],
  ])("%s is %d bytes per second", (text, bytesPerSecond) => {
    expect(parseRate(text)).toBe(bytesPerSecond);
  });

  test.each([
    ["10", "kibit"],
    ["mbit", "kibit"],
    ["10 mbit", "kibit"],
    ["-1mbit", "kibit"],
    ["10mb", "kibit"],
    ["10constructor", "kibit"],
    ["1bit", "too small"],
    ["99999999tbit", "too large"],
  ])("%p is refused: %s", (text, hint) => {
    expect(() => parseRate(text)).toThrow(expect.objectContaining({ code: "bad-quantity", text }));
    expect(() => parseRate(text)).toThrow(hint);
  });

  test.each([
    [1_250_000, "10mbit"],
    [187_500_000, "1.5gbit"],
    [100_000, "800kbit"],
    [1, "8bit"],
    [0, "0bit"],
    [125, "1kbit"],
  ])("%d bytes per second is %s", (bytesPerSecond, text) => {
    expect(formatRate(bytesPerSecond)).toBe(text);
  });

  test("parse reads what format wrote", () => {
    fc.assert(fc.property(fc.maxSafeNat(), (n) => expect(parseRate(formatRate(n % 1e14))).toBe(n % 1e14)));
    expect(() => formatRate(-1)).toThrow("not negative");
    expect(() => formatRate(Number.NaN)).toThrow("not negative");
  });
});

describe("duration", () => {
  test.each([
    ["10ms", 10_000],
    ["1.5s", 1_500_000],
    ["200us", 200],
    ["1.1ms", 1100],
    ["2SECS", 2_000_000],
    ["0s", 0],
  ])("%s is %d microseconds", (text, microseconds) => {
    expect(parseDuration(text)).toBe(microseconds);
  });

  test.each(["10", "10m", "ms", "0.1us"])("%p is refused", (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: "bad-quantity", text }));
  });

  test.each([
    [10_000, "10ms"],
    [1_500_000, "1.5s"],
    [200, "200us"],
    [0, "0us"],
  ])("%d microseconds is %s", (microseconds, text) => {
    expect(formatDuration(microseconds)).toBe(text);
  });

  test("parse reads what format wrote", () => {
    fc.assert(fc.property(fc.nat(), (n) => expect(parseDuration(formatDuration(n))).toBe(n)));
  });
});

describe("percent", () => {
  test.each([
    ["1%", 0.01],
    ["0.5%", 0.005],
    ["7%", 0.07],
    ["0%", 0],
    ["100%", 1],
  ])("%s is %d, and back", (text, fraction) => {
    expect(parsePercent(text)).toBe(fraction);
    expect(formatPercent(fraction)).toBe(text);
  });

  test.each(["1", "%", "101%", "-1%", "1 %", "1e1%"])("%p is refused", (text) => {
    expect(() => parsePercent(text)).toThrow(expect.objectContaining({ code: "bad-quantity", text }));
  });

  test("parse reads what format wrote", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (n) => {
        expect(parsePercent(formatPercent(n))).toBeCloseTo(n, 11);
      }),
    );
    expect(() => formatPercent(1.01)).toThrow("from 0 to 1");
  });
});
