import { expect, test } from "bun:test";
import fc from "fast-check";
import { percentile, rttOf } from "./rtt.ts";

test("nearest rank: values that were measured", () => {
  // The example of Wikipedia's "Percentile", § nearest-rank method.
  const sorted = [15, 20, 35, 40, 50];
  expect([0.05, 0.3, 0.4, 0.5, 1].map((share) => percentile(sorted, share))).toEqual([15, 20, 20, 35, 50]);
  expect(percentile(sorted, 0)).toBe(15);
  expect(() => percentile([], 0.5)).toThrow(RangeError);
});

test("microseconds from nanoseconds, to a tenth", () => {
  expect(rttOf([])).toBeUndefined();
  expect(rttOf([12_345])).toEqual({ min: 12.3, p50: 12.3, p90: 12.3, p99: 12.3, max: 12.3 });
  const thousand = Array.from({ length: 1000 }, (_, i) => (1000 - i) * 1000);
  expect(rttOf(thousand)).toEqual({ min: 1, p50: 500, p90: 900, p99: 990, max: 1000 });
});

test("percentiles rise", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1e9), { minLength: 1 }), (times) => {
      const rtt = rttOf(times);
      const values = [rtt?.min, rtt?.p50, rtt?.p90, rtt?.p99, rtt?.max] as number[];
      expect(values).toEqual(values.toSorted((a, b) => a - b));
    }),
  );
});
