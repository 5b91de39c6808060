import { isAbsolute, relative } from "node:path";
import { type LabState, listLabs, load, placesOf, readState } from "../../lab/index.ts";
import type { View } from "../../output/index.ts";

/** The labs on this machine. */
export function labsView(): View {
  const labs = listLabs().flatMap((name) => {
    const state = readState(placesOf(name));
    return state === undefined ? [] : [summaryOf(state)];
  });
  return {
    columns: [
      { key: "name" },
      { key: "state" },
      { key: "nodes", align: "right" },
      { key: "pods", align: "right" },
      { key: "file", shrink: true },
      { key: "since" },
    ],
    rows: labs.map((lab) => ({
      ...lab,
      state: { text: lab.state, tone: lab.state === "up" ? "good" : "warn" },
      file: lab.files.map(fromHere).join(", "),
      files: undefined,
    })),
    data: { labs },
    names: labs.map(({ name }) => name),
  };
}

/** As it would be written here, where that is shorter. */
function fromHere(file: string): string {
  const path = isAbsolute(file) ? relative(process.cwd(), file) : file;
  return path.startsWith("..") ? file : path;
}

interface LabSummary {
  readonly name: string;
  /** `up`, or `half-made` after a change that did not end. */
  readonly state: "up" | "half-made";
  readonly nodes: number;
  readonly pods: number;
  readonly files: readonly string[];
  readonly since: string;
}

function summaryOf({ name, phase, input, files, since }: LabState): LabSummary {
  const { nodes } = load(input).topology;
  return {
    name,
    state: phase === "up" ? "up" : "half-made",
    nodes: nodes.length,
    pods: nodes.reduce((sum, node) => sum + node.pods.length, 0),
    files,
    since: since.replace(/\.\d+Z$/, "Z"),
  };
}
