import { opToJson, printOp } from "../../change/index.ts";
import type { Attachment, CalledPlugin, ExplainedStep, Explanation, NetworkList } from "../../cni/runtime/index.ts";

/** An explanation for people, a line per change with comments between, or for programs. */
export function printExplanation(
  list: NetworkList,
  attachment: Attachment,
  { steps, result, failure }: Explanation,
  format: "text" | "json",
): string {
  if (format === "json") {
    const { name: network, cniVersion } = list;
    const error = failure && { code: failure.code, msg: failure.message, details: failure.details };
    const data = { schemaVersion: 1, network, cniVersion, ...attachment, steps: steps.map(jsonOf), result, error };
    return `${JSON.stringify(data, undefined, 2)}\n`;
  }
  const head = `# network ${list.name} (CNI ${list.cniVersion}), ${attachment.ifname} of ${attachment.containerId} in ${attachment.netns}`;
  const end = result === undefined ? [] : ["# result", JSON.stringify(result, undefined, 4)];
  return `${[head, ...steps.map(lineOf), ...end].join("\n")}\n`;
}

function jsonOf(step: ExplainedStep): unknown {
  switch (step.kind) {
    case "op":
      return { kind: "op", op: opToJson(step.op), line: printOp(step.op) };
    case "plugin":
      return { kind: "plugin", ...step.plugin };
    case "note":
      return step;
  }
}

function lineOf(step: ExplainedStep): string {
  switch (step.kind) {
    case "op":
      return step.op.do.startsWith("nft.") ? withLines(printOp(step.op)) : printOp(step.op);
    case "plugin":
      return `# ${calledText(step.plugin)}`;
    case "note":
      return `# note: ${step.text}`;
  }
}

/** A transaction of nft with a line for each of its commands; a shell reads it as before. */
function withLines(text: string): string {
  return text.replaceAll(/; (?=(?:add|flush|delete|destroy) )/g, ";\n  ");
}

function calledText({ type, how, file, likeOurs, by }: CalledPlugin): string {
  const who = by === undefined ? type : `${by} asks ${type}`;
  const shown = likeOurs ? "; shown is what netloom's does" : "";
  switch (how) {
    case "in-process":
      return `${who}: ${file}, netloom's, without a process of its own`;
    case "exec":
      return `${who}: ${file} would be executed${shown}`;
    case "missing":
      return `${who}: there is no such plugin in CNI_PATH${shown}`;
  }
}
