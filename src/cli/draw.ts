import { type Limits, drawDot, drawMermaid, drawSvg, drawTerminal, graphOf, statesOf } from "../graph/index.ts";
import type { Lab } from "../lab/index.ts";
import { renderJson } from "../output/index.ts";
import type { Terminal } from "./terminal.ts";

/** A lab drawn in one of the forms of `graph`; one that is up, with what is down in it. */
export function drawLab(
  lab: Lab,
  format: "text" | "svg" | "mermaid" | "dot" | "json",
  limits: Partial<Limits>,
  { style, width, ascii }: Terminal,
): string {
  const graph = graphOf(lab.topology, lab.state() === undefined ? undefined : statesOf(lab.topology, lab.facts()));
  switch (format) {
    case "text":
      return drawTerminal(graph, { ...limits, ascii, paint: style.paint, ...(width === undefined ? {} : { width }) });
    case "svg":
      return drawSvg(graph, limits);
    case "mermaid":
      return drawMermaid(graph, limits);
    case "dot":
      return drawDot(graph, limits);
    case "json":
      return renderJson(graph);
  }
}
