import { expect, test } from "bun:test";
import { add, bootsOf, printTotals, totalsOf, unfinished } from "./boots.ts";

test("comparisons have boots of their own, others share one with their folder", () => {
  const [a, b, e] = ["test/kernel/a.test.ts", "test/kernel/b.test.ts", "test/e2e/e.test.ts"];
  const [c, d] = ["test/cni/diff/c.test.ts", "test/cni/diff/d.test.ts"];
  expect(bootsOf([a, b, e, c, d])).toEqual([[a, b], [e], [c], [d]]);
  expect(bootsOf([d])).toEqual([[d]]);
  expect(bootsOf([])).toEqual([]);
});

const said = `test/e2e/b.test.ts: 3 passed, 0 failed (1.0 s)
test/e2e/c.test.ts: 2 passed, 1 failed, 4 skipped (9.9 s)
`;

test("the totals of a run are its last line's, and there are none before it", () => {
  expect(totalsOf(said)).toBeUndefined();
  expect(totalsOf(`${said}\n5 passed, 1 failed, 4 skipped\n`)).toEqual({ passed: 5, failed: 1, skipped: 4 });
  expect(totalsOf("1 passed, 0 failed\n2 passed, 0 failed\n")).toEqual({ passed: 2, failed: 0, skipped: 0 });
});

test("a file without a line of its own is unfinished", () => {
  expect(unfinished(["test/e2e/b.test.ts", "test/e2e/d.test.ts", "test/e2e/c.test.ts"], said)).toEqual([
    "test/e2e/d.test.ts",
  ]);
});

test("totals of several boots are one line", () => {
  expect(printTotals(add({ passed: 1, failed: 0, skipped: 0 }, { passed: 2, failed: 1, skipped: 0 }))).toBe(
    "3 passed, 1 failed",
  );
  expect(printTotals({ passed: 1, failed: 0, skipped: 2 })).toBe("1 passed, 0 failed, 2 skipped");
});
