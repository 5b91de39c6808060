import { expect, test } from "bun:test";
import { LabError } from "../lab/index.ts";
import { NetnsError } from "../netns/index.ts";
import { ProbeError } from "../probe/index.ts";
import { SysError } from "../sys/index.ts";
import { XclusterError } from "../xcluster/index.ts";
import { exitCodeOf } from "./exit-codes.ts";
import { textOf } from "./report.ts";
import { UsageError } from "./usage.ts";

test("each kind of error has its exit code", () => {
  const codes = [
    "not-found",
    "not-matched",
    "locked",
    "conflict",
    "denied",
    "unsupported",
    "failed",
    "partial",
  ] as const;
  expect(codes.map((code) => exitCodeOf(new LabError(code, "")))).toEqual([7, 5, 8, 8, 6, 6, 1, 9]);
  expect(exitCodeOf(new UsageError(""))).toBe(2);
  expect(exitCodeOf(new ProbeError("bad-size", ""))).toBe(2);
  expect(exitCodeOf(new NetnsError("missing", "x", ""))).toBe(7);
  expect(exitCodeOf(new NetnsError("bad-name", "../x", ""))).toBe(2);
  expect(exitCodeOf(new SysError("setns", 1, "enter"))).toBe(6);
  expect(exitCodeOf(new SysError("write", 28, "write the journal"))).toBe(1);
  expect(exitCodeOf(new XclusterError("bad-variable", ""))).toBe(2);
  expect(exitCodeOf(new XclusterError("not-matched", ""))).toBe(5);
  expect(exitCodeOf("what?")).toBe(1);
});

test("a hint is a second line, and only a fault of ours is called one", () => {
  expect(textOf(new UsageError("no", "do so"))).toBe("netloom: no\n  do so");
  expect(textOf(new LabError("failed", "first\nsecond"))).toBe("netloom: first\nsecond");
  expect(textOf(new TypeError("oops"))).toContain("NETLOOM_DEBUG=1 shows where");
});
