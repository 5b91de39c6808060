import type { DoctorReport, Finding, Verdict } from "../../lab/index.ts";
import { type Format, type Tone, type View, render } from "../../output/index.ts";
import type { Terminal } from "../terminal.ts";

const topics: Readonly<Record<Finding["topic"], string>> = {
  privileges: "Privileges",
  links: "Links",
  queueing: "Queueing disciplines",
  switches: "Open vSwitch",
  limits: "Limits",
  host: "Host",
};
const marks: Readonly<Record<Verdict, readonly [mark: string, ascii: string, tone: Tone]>> = {
  ok: ["✓", "+", "good"],
  missing: ["✗", "X", "bad"],
  unknown: ["?", "?", "warn"],
};

/** The findings as a list for people, or in one of the formats for programs. */
export function showFindings(report: DoctorReport, format: Format, terminal: Terminal): string | Promise<string> {
  return format === "table" ? listOf(report, terminal) : render(viewOf(report), format, { style: terminal.style });
}

function listOf({ findings, ready }: DoctorReport, terminal: Terminal): string {
  const sections = [...Map.groupBy(findings, ({ topic }) => topic)].map(([topic, some]) =>
    [terminal.style.paint("strong", topics[topic]), ...some.flatMap((one) => linesOf(one, terminal))].join("\n"),
  );
  const end = ready
    ? "Everything required is there; the rest only special labs need."
    : "Something required is missing: see the fixes above.";
  return `${[...sections, end].join("\n\n")}\n`;
}

function linesOf({ verdict, says, option, fix, required }: Finding, { style, ascii }: Terminal): readonly string[] {
  const [mark, plain, tone] = marks[verdict];
  const which = option === undefined ? "" : style.paint("dim", `  ${option}`);
  const must = required && verdict === "missing" ? "  (required)" : "";
  const paint = verdict === "missing" && !required ? "warn" : tone;
  const head = `  ${style.paint(paint, ascii ? plain : mark)} ${says}${which}${must}`;
  return fix === undefined ? [head] : [head, `      fix: ${fix}`];
}

function viewOf(report: DoctorReport): View {
  return {
    columns: [
      { key: "id" },
      { key: "verdict" },
      { key: "required" },
      { key: "says" },
      { key: "option", wide: true },
      { key: "fix", wide: true },
    ],
    rows: report.findings.map((one) => ({ ...one })),
    data: report,
    names: report.findings.filter(({ verdict }) => verdict === "missing").map(({ id }) => id),
  };
}
