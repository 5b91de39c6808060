import type { MatrixResult, PairResult } from "./result.ts";

/** The matrix as a JUnit report: a test case per pair, a suite per source, as CI systems read it. */
export function matrixToJUnit({ pairs, summary }: MatrixResult, name = "netloom"): string {
  const suites = Map.groupBy(pairs, ({ from }) => from);
  const seconds = (summary.durationMs / 1000).toFixed(3);
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="${escape(name)}" tests="${summary.pairs}" failures="${summary.failed}" time="${seconds}">`,
    ...[...suites].flatMap(([from, cases]) => [
      `  <testsuite name="${escape(from)}" tests="${cases.length}" failures="${cases.filter(({ ok }) => !ok).length}">`,
      ...cases.flatMap(testCase),
      "  </testsuite>",
    ]),
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(pair: PairResult): string[] {
  const { from, to, address, expect, ok, rtt, facts = [], icmp, refusal } = pair;
  const verb = expect ? "reaches" : "does not reach";
  const seconds = ((rtt?.p50 ?? 0) / 1e6).toFixed(6);
  const head = `    <testcase classname="${escape(from)}" name="${escape(`${verb} ${to} at ${address}`)}" time="${seconds}"`;
  if (ok) return [`${head}/>`];
  const said = [...facts, ...[refusal, icmp].filter((text) => text !== undefined)];
  const message = !expect ? "an answer came" : pair.answeredBy === undefined ? "no answer" : "another answered";
  return [`${head}>`, `      <failure message="${message}">${escape(said.join("\n"))}</failure>`, "    </testcase>"];
}

/** XML 1.0 §2.2 and §2.4: reserved characters as entities, forbidden control characters left out. */
function escape(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
