/** One test for each case: ours against the reference, held to the table of docs/cni-differences.md. */
import { describe, expect, test } from "bun:test";
import { type Case, emulated } from "./case.ts";
import { differ } from "./compare.ts";
import { explained, type Finding, readDifferences, stale } from "./differences.ts";
import { missing, optionOf } from "./kernel-kinds.ts";
import { namesIn, noReference, ours, reference } from "./plugin-folders.ts";

/**
 * In an emulated machine a case takes a minute: there the first that needs something of its kernel stands for the others,
 * unless TEST_CASES is `all`.
 */
const few = emulated && process.env["TEST_CASES"] !== "all";

/**
 * @param plugin - its folder's name; without it, the tests are skipped
 * @param title - what stands for the plugin in the table's *where*
 */
export async function againstReference(plugin: string, cases: readonly Case[], title = plugin): Promise<void> {
  const kinds = [...new Set(cases.flatMap(({ needs }) => (needs === undefined ? [] : [needs])))];
  const lacking = new Set<string>();
  for (const kind of kinds) if ((await missing(kind)) !== undefined) lacking.add(kind);
  const reason =
    reference === undefined
      ? noReference
      : ours === undefined || !namesIn(ours).includes(plugin)
        ? `(netloom has no ${plugin} yet)`
        : undefined;

  describe(`${title} beside the reference's`, () => {
    if (reference === undefined || ours === undefined || reason !== undefined) {
      test.skip(`all cases ${reason ?? ""}`, () => {});
      return;
    }
    const [left, right] = [reference, ours];
    const rows = readDifferences();
    const all: Finding[] = [];
    const done: string[] = [];
    for (const each of cases) {
      const name = each.needs === undefined ? each.name : `${each.name} (needs ${optionOf(each.needs)})`;
      const spared = few && each !== cases.find(({ needs }) => needs !== undefined);
      test.skipIf(spared || (each.needs !== undefined && lacking.has(each.needs)))(name, async () => {
        const { findings, text } = await differ(title, each, left, right);
        all.push(...findings);
        done.push(`${title}/${each.name}`);
        const unlisted = findings.filter((found) => explained(found, rows).length === 0);
        expect(`${shown(unlisted)}${unlisted.length > 0 ? text : ""}`).toBe("");
      });
    }

    test("every difference listed in docs/cni-differences.md still occurs", () => {
      const runnable = cases.filter(({ needs }) => needs === undefined || !lacking.has(needs));
      if (done.length < runnable.length) return; // only some cases were asked for, or one failed and says so itself
      expect(stale(rows, all, done)).toEqual([]);
    });
  });
}

/** Each fact once, with the first step that shows it. */
export function shown(findings: readonly Finding[]): string {
  const seen = new Set<string>();
  return findings
    .filter(({ side, fact }) => !seen.has(`${side} ${fact}`) && seen.add(`${side} ${fact}`))
    .map(({ step, side, fact }) => `${step}, only ${side}: ${fact}\n`)
    .join("");
}
