import type { NodeView } from "./_members.ts";
import { charWidth } from "./_svg-style.ts";
import { visible } from "../output/text.ts";
import { element, textAt } from "./_xml.ts";
import type { GraphNode } from "./model.ts";

const inset = 14;
const gap = 10;

/** Where a card's uplink sockets end, from its left edge. */
export function docksEnd({ uplinks }: NodeView): number {
  return inset + uplinks.reduce((end, { label = "" }) => end + chipWidth(label) + gap, 0);
}

/**
 * The sockets on a card's upper edge, uplinks on the left and the VTEP on the right, and the lines from them up to the
 * bars; `barBottom` is measured from the card's edge.
 */
export function drawDocks(
  view: NodeView,
  bars: readonly GraphNode[],
  width: number,
  barBottom: (bar: number) => number,
): { readonly lines: string; readonly chips: string } {
  const lines: string[] = [];
  const chips: string[] = [];
  const dock = (x: number, label: string, bar: number, role: string): void => {
    const wide = chipWidth(label);
    const d = `M${x + wide / 2} 0V${barBottom(bar)}`;
    lines.push(element("path", { class: "halo", d }), element("path", { class: `line${role}`, d }));
    const box = element("rect", { x, y: -11, width: wide, height: 22, rx: 11 });
    chips.push(element("g", { class: `chip${role}` }, box, textAt(x + 10, 4, visible(label))));
  };
  let x = inset;
  for (const { to, label = "" } of view.uplinks) {
    const bar = bars.findIndex(({ id }) => id === to);
    if (bar >= 0) dock(x, label, bar, "");
    x += chipWidth(label) + gap;
  }
  const overlay = bars.findIndex(({ kind }) => kind === "overlay");
  const [vtep] = view.vteps;
  if (vtep !== undefined && overlay >= 0) {
    const { label } = vtep;
    dock(Math.max(x, width - inset - chipWidth(label)), label, overlay, " tunnel");
  }
  return { lines: lines.join(""), chips: chips.join("") };
}

function chipWidth(label: string): number {
  return Math.ceil(Bun.stringWidth(visible(label)) * charWidth) + 20;
}
