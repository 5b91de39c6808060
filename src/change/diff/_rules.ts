import type { RuleSpec } from "../net.ts";
import type { Order } from "../order.ts";
import type { Place } from "./_scene.ts";

/** Priority and table of the rules that the kernel makes for each family (`fib_default_rules_init`). */
const kernelRules: ReadonlyMap<number, number> = new Map([
  [0, 255],
  [32766, 254],
  [32767, 253],
]);

/** Deletes the rules that nobody wished. */
export function deleteRules({ wish, present }: Place, order: Order): void {
  const wished = new Set((wish.rules ?? []).map(ruleKey));
  for (const rule of present.rules) {
    if (wished.has(ruleKey(rule)) || isKernels(rule)) continue;
    order.wide("rulesGone", { do: "rule.delete", netns: wish.name, rule });
  }
}

/** Adds the rules that are not there. */
export function addRules({ wish, present }: Place, order: Order): void {
  if (wish.rules === undefined || wish.rules.length === 0) return;
  const there = new Set(present.rules.map(ruleKey));
  for (const rule of wish.rules) {
    const key = ruleKey(rule);
    if (there.has(key)) continue;
    there.add(key);
    order.inGroup("rules", { do: "rule.add", netns: wish.name, rule });
  }
}

/** What tells one rule from another. */
export function ruleKey({ family, priority, table, from, to, iif, oif, mark }: RuleSpec): string {
  return [family, priority, table, from ?? "", to ?? "", iif ?? "", oif ?? "", mark ?? ""].join(" ");
}

function isKernels({ priority, table, from, to, iif, oif, mark }: RuleSpec): boolean {
  return kernelRules.get(priority) === table && (from ?? to ?? iif ?? oif ?? mark) === undefined;
}
