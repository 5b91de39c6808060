/** Reads the JUnit report that `bun test` writes: the only form in which Bun tells tests one by one. */

export interface Outcome {
  readonly file: string;
  /** The test's name with those of the blocks around it, as Bun prints it. */
  readonly name: string;
  readonly result: "passed" | "failed" | "skipped";
}

/** Every test of a report, in its order. Text without any `<testcase` gives none. */
export function parseReport(xml: string): readonly Outcome[] {
  const found: Outcome[] = [];
  for (const [, head = "", end, body = ""] of xml.matchAll(
    /<testcase ([^>]*?)(\/?)>(?:(?<!\/>)([^]*?)<\/testcase>)?/g,
  )) {
    const inside = end === "/" ? "" : body;
    const blocks = attribute(head, "classname").split(" > ").toReversed(); // Bun names the innermost first
    found.push({
      file: attribute(head, "file"),
      name: [...blocks, attribute(head, "name")].filter((part) => part !== "").join(" > "),
      result: inside.includes("<failure") ? "failed" : inside.includes("<skipped") ? "skipped" : "passed",
    });
  }
  return found;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function attribute(head: string, name: string): string {
  const text = new RegExp(`(?:^| )${name}="([^"]*)"`).exec(head)?.[1] ?? "";
  return text.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal: string, hex: string, named: string) => {
    if (decimal) return String.fromCodePoint(Number(decimal));
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    return entities[named] ?? whole;
  });
}
