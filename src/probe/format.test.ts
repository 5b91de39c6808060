import { expect, test } from "bun:test";
import { familyOf, parseIp } from "../values/index.ts";
import { formatMatrix } from "./format.ts";
import { matrixToJUnit } from "./junit.ts";
import { nodeOf } from "./layout.ts";
import type { MatrixResult, PairResult } from "./result.ts";

const rtt = { min: 40, p50: 50, p90: 60, p99: 1700, max: 1800 };

function pair(from: string, to: string, reached: boolean, more: Partial<PairResult> = {}): PairResult {
  const address = more.address ?? parseIp("10.0.0.2");
  const expected = more.expect ?? true;
  return {
    from,
    to,
    address,
    family: familyOf(address),
    expect: expected,
    sent: 1,
    received: reached ? 1 : 0,
    loss: reached ? 0 : 1,
    ...(reached ? { rtt } : {}),
    reached,
    ok: reached === expected,
    ...more,
  };
}

function result(pairs: readonly PairResult[]): MatrixResult {
  const ok = pairs.filter((one) => one.ok).length;
  return {
    schemaVersion: 1,
    pairs,
    summary: { pairs: pairs.length, ok, failed: pairs.length - ok, loss: 0, rtt4: rtt, durationMs: 1234 },
  };
}

const six = { address: parseIp("fd00::2") };
const mixed = result([
  pair("a", "b", true),
  pair("a", "b", true, six),
  pair("a", "c", false, { facts: ["eth0 of c is down", "a sends through eth0"], refusal: "ENETUNREACH" }),
  pair("a", "c", false, six),
  pair("b", "a", true, { sent: 4, received: 3, loss: 0.25 }),
  pair("b", "c", false, { expect: false }),
  pair("node", "a", true, { expect: false }),
  pair("node", "b", true),
]);

test("rows, columns, failures with their facts, one line that sums up", () => {
  expect(formatMatrix(mixed)).toBe(`\
from \\ to   1   2   3
1 a             ✓   ✗
2 b       25%       ·
- node      ✗   ✓
(3 c)

✗ a → c 10.0.0.2 (IPv4): does not reach (ENETUNREACH)
    eth0 of c is down
    a sends through eth0
✗ a → c fd00::2 (IPv6): does not reach
✗ node → a 10.0.0.2 (IPv4): reaches, and must not

3 of 8 pairs not as expected, no loss, 1.23 s
round trip: IPv4 50 µs (99%: 1.7 ms)
`);
});

test("only ASCII where nothing else can be shown", () => {
  const text = formatMatrix(mixed, { ascii: true, failures: 1 });
  expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  expect(text).toContain("1 a         .   +   X\n");
  expect(text).toContain("X a -> c 10.0.0.2 (IPv4): does not reach (ENETUNREACH)");
  expect(text).toContain("... and 2 more");
});

test("colours only when asked for", () => {
  expect(formatMatrix(mixed)).not.toContain("\x1b");
  const text = formatMatrix(mixed, { color: true });
  expect(text).toContain("\x1b[31m✗\x1b[0m");
  expect(Bun.stripANSI(text)).toBe(formatMatrix(mixed));
});

test("all is well: no list of failures", () => {
  expect(formatMatrix(result([pair("a", "b", true), pair("b", "a", true)]))).toBe(`\
from \\ to 1 2
1 a         ✓
2 b       ✓

all 2 pairs as expected, no loss, 1.23 s
round trip: IPv4 50 µs (99%: 1.7 ms)
`);
});

test("nothing was asked", () => {
  expect(formatMatrix(result([]))).toStartWith("all 0 pairs as expected");
});

const cluster = (nodes: number, pods: number): string[] =>
  Array.from({ length: nodes * pods }, (_, i) => `vm-00${1 + Math.floor(i / pods)}-ns0${1 + (i % pods)}`);

test("many pods become one row and column per node", () => {
  const names = cluster(3, 8);
  const pairs = names.flatMap((from) =>
    names.filter((to) => to !== from).map((to) => pair(from, to, !(from === "vm-002-ns01" && to === "vm-001-ns01"))),
  );
  const [head, ...rows] = formatMatrix(result(pairs)).split("\n");
  expect(head).toBe("from \\ to     1     2     3");
  expect(rows.slice(0, 4)).toEqual([
    "1 vm-001      ✓     ✓     ✓",
    "2 vm-002  63/64     ✓     ✓",
    "3 vm-003      ✓     ✓     ✓",
    "(each place is all pairs from the pods there to the pods there)",
  ]);
});

test("what is wider than the terminal goes on below", () => {
  const names = cluster(2, 9);
  const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => pair(from, to, true)));
  const text = formatMatrix(result(pairs), { width: 40 });
  expect(
    Math.max(
      ...text
        .split("\n")
        .slice(0, -3)
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(40);
  expect(text.match(/vm-002-ns09/g)?.length).toBe(3);
});

test("long names are cut in the middle: their ends tell them apart", () => {
  const names = [1, 2].map((at) => `this-is-a-very-long-node-name-one-ns0${at}`);
  const [one = "", two = ""] = names;
  const rows = formatMatrix(result([pair(one, two, true), pair(two, one, true)])).split("\n");
  expect(rows.slice(1, 3)).toEqual(["1 this-is-a-v…ame-one-ns01   ✓", "2 this-is-a-v…ame-one-ns02 ✓"]);
});

test("names of nodes", () => {
  expect(nodeOf("vm-001-ns01")).toBe("vm-001");
  expect(nodeOf("web")).toBe("web");
});

test("JUnit: a case per pair, failures with their facts, nothing that breaks XML", () => {
  const xml = matrixToJUnit(
    result([pair("a", "b", true), pair('<a>&"', "b", false, { facts: ["x < y & \u0000z"], icmp: "packet too big" })]),
  );
  expect(xml).toContain('<testsuites name="netloom" tests="2" failures="1" time="1.234">');
  expect(xml).toContain('<testcase classname="a" name="reaches b at 10.0.0.2" time="0.000050"/>');
  expect(xml).toContain('<testsuite name="&lt;a&gt;&amp;&quot;" tests="1" failures="1">');
  expect(xml).toContain('<failure message="no answer">x &lt; y &amp; z\npacket too big</failure>');
});
