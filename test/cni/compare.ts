/** Runs cases through two folders of plugins, each in a box of its own, and finds what differs. */
import { Box } from "./box.ts";
import { type Case, emulated, usual } from "./case.ts";
import { answerFacts, Caller, supply } from "./caller.ts";
import type { Finding } from "./differences.ts";
import { Names } from "./names.ts";
import type { PluginFolder } from "./plugin-folders.ts";
import { settled } from "./state.ts";

/** After each step: what was answered, and the whole state. */
interface Trace {
  readonly step: string;
  readonly facts: readonly string[];
  /** What failing plugins said, to show beside a difference. */
  readonly said: string;
}

export async function trace(each: Case, folder: PluginFolder, rest: PluginFolder): Promise<readonly Trace[]> {
  using box = await Box.open();
  const names = new Names();
  supply(box, folder, rest, each.under);
  box.sh("ip netns add a");
  for (const command of each.before ?? []) box.sh(command);
  const caller = new Caller(box, each.version ?? "1.0.0", each.chain);
  const traces: Trace[] = [];
  const steps = each.steps ?? usual;
  for (const [at, step] of steps.entries()) {
    if ("sh" in step) {
      box.sh(step.sh);
      continue;
    }
    const answers = caller.call(step);
    for (const fact of answers.flatMap(answerFacts)) {
      const [, where, mac] = /^(\S+ answers \S+) = "((?:[0-9a-f]{2}:){5}[0-9a-f]{2})"$/.exec(fact) ?? [];
      if (mac !== undefined && !/^[0:]*$/.test(mac)) names.suggest(mac, `MAC(${where})`);
    }
    // A look takes seconds there: what each ADD makes, and what is left in the end.
    const spared = emulated && step.call !== "ADD" && at < steps.length - 1;
    const state = spared ? [] : await settled(box, names);
    const facts = answers.flatMap(answerFacts).map((fact) => names.in(fact));
    const said = answers
      .filter(({ code }) => code !== 0)
      .map(({ stdout, stderr }) => `${stdout}${stderr}`.replaceAll(/\s+/g, " "));
    traces.push({ step: `${at + 1} ${step.call}`, facts: [...facts, ...state], said: said.join(" ") });
  }
  return traces;
}

/** @param against - supplies what `under` does not name, in both boxes */
export async function differ(
  plugin: string,
  each: Case,
  left: PluginFolder,
  right: PluginFolder,
): Promise<{ readonly findings: readonly Finding[]; readonly text: string }> {
  const [one, two] = [await trace(each, left, left), await trace(each, right, left)];
  const findings: Finding[] = [];
  const lines: string[] = [];
  for (const [at, { step, facts, said }] of one.entries()) {
    const other = two[at];
    if (other === undefined) throw new Error(`step ${step} was not run on both sides`);
    const where = `${plugin}/${each.name}`;
    const found = [
      ...without(facts, other.facts).map((fact): Finding => ({ where, step, side: "reference", fact })),
      ...without(other.facts, facts).map((fact): Finding => ({ where, step, side: "netloom", fact })),
    ];
    findings.push(...found);
    if (found.length > 0 && (said !== "" || other.said !== ""))
      lines.push(`${step}: ${left.title} said ${said}; ${right.title} said ${other.said}`);
  }
  return { findings, text: lines.join("\n") };
}

/** Facts of `some` that `others` lacks; the same fact twice counts twice. Of a link that `others` lacks, only that it is there. */
function without(some: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  const more = some.filter((fact) => {
    const at = left.indexOf(fact);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  const links = more.flatMap((fact) => /^(\S+) link (\S+) kind /.exec(fact)?.slice(1).join(" ") ?? []);
  return more.filter((fact) => {
    const said =
      /^(\S+) link (\S+) (?!kind |master )/.exec(fact) ??
      /^(\S+) sysctl net\/ipv[46]\/conf\/([^/]+)\//.exec(fact) ??
      /^(\S+) addr (\S+) fe80::auto/.exec(fact) ??
      /^(\S+) route6 dev (\S+) dst fe80::/.exec(fact);
    return said === null || !links.includes(`${said[1]} ${said[2]}`);
  });
}
