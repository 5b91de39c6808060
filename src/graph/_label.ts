import { visible } from "../output/text.ts";
import type { GraphNode } from "./model.ts";

/** The label of a box, with its state in words unless it is up or nobody looked. */
export function labelOf({ label, state }: Pick<GraphNode, "label" | "state">): string {
  return state === undefined || state === "up" ? visible(label) : `${visible(label)} (${state})`;
}

/** The parts of an impairment, one for each direction. */
export function impairmentLines(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split("; ").map(visible);
}
