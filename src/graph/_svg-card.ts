import { impairmentLines, labelOf } from "./_label.ts";
import { bare } from "./_members.ts";
import type { NodeView, PlaceView, PodView } from "./_members.ts";
import { charWidth, lineHeight } from "./_svg-style.ts";
import { cut } from "../output/text.ts";
import { element, textAt, tooltip } from "./_xml.ts";
import type { GraphNode } from "./model.ts";

/** Sizes that all cards share, so that they line up. */
export interface CardSize {
  readonly width: number;
  readonly podWidth: number;
}

const inset = 14;
const gutter = 28;
const podGap = 10;
/** Pods wider than this many characters are cut; their tooltip has everything. */
const widestPod = 44;

/** A line of the upper part of a card. */
interface Fact {
  readonly key: string;
  readonly value: string;
  readonly warns?: true;
}

/** The size at which the widest pod and the longest line of all cards fit. */
export function cardSize(views: readonly NodeView[]): CardSize {
  const podLines = views
    .flatMap(({ places }) => places)
    .flatMap(({ pods, more }) => [...pods.flatMap(linesOf), ...(more === undefined ? [] : [labelOf(more)])]);
  const podChars = Math.min(widestPod, Math.max(14, ...podLines.map((line) => Bun.stringWidth(line))));
  const podWidth = Math.ceil(podChars * charWidth) + 2 * podGap;
  const factChars = views.flatMap((view) => {
    const facts = factsOf(view);
    const column = keyWidth(facts);
    return [
      Bun.stringWidth(labelOf(view.self)),
      ...facts.map(({ value }) => column + Bun.stringWidth(value)),
      ...view.places.flatMap(({ bridge }) => bridgeLines(bridge)).map((line) => Bun.stringWidth(line) + 4),
    ];
  });
  const content = Math.ceil(Math.min(2 * widestPod, Math.max(0, ...factChars)) * charWidth);
  return { width: 2 * inset + Math.max(2 * podWidth + gutter, content), podWidth };
}

/** Draws a node with its bridge and pods; the height is for whoever puts the next row below. */
export function drawCard(
  view: NodeView,
  { width, podWidth }: CardSize,
): { readonly svg: string; readonly height: number } {
  const facts = factsOf(view);
  const column = inset + keyWidth(facts) * charWidth;
  const room = Math.floor((width - column - inset) / charWidth);
  let y = 36;
  const parts = [textAt(inset, y, cut(labelOf(view.self), (width - 2 * inset) / charWidth), "name")];
  y += 6;
  for (const { key, value, warns } of facts) {
    y += lineHeight;
    if (key !== "") parts.push(textAt(inset, y, key, "faint"));
    parts.push(textAt(column, y, cut(value, room), warns === true ? "warn" : undefined));
  }
  y += inset;
  for (const [at, place] of view.places.entries()) {
    const { bridge } = place;
    if (at > 0) y += inset;
    if (bridge !== undefined) {
      const lines = bridgeLines(bridge);
      parts.push(drawBox(bridge, inset, y, width - 2 * inset, lines, "bridge"));
      y += boxHeight(lines.length);
    }
    const pods = drawPods(place, y, width, podWidth);
    parts.push(...pods.parts);
    y = pods.bottom;
  }
  const height = y + inset;
  const frame = element("rect", { width, height, rx: 10 });
  const tip = tooltip([`${view.self.kind} ${labelOf(view.self)}`, ...view.self.details]);
  const role = [view.self.kind, view.self.state].filter(Boolean).join(" ");
  return { svg: element("g", { class: role }, tip, frame, ...parts), height };
}

/** Pods left and right of a line that comes down from the bridge. */
function drawPods(
  { pods, more }: PlaceView,
  top: number,
  width: number,
  podWidth: number,
): { readonly parts: readonly string[]; readonly bottom: number } {
  const boxes = [
    ...pods.map((view) => ({ node: view.pod, lines: linesOf(view) })),
    ...(more === undefined ? [] : [{ node: more, lines: [labelOf(more)] }]),
  ];
  const middle = width / 2;
  const cards: string[] = [];
  const stubs: string[] = [];
  let y = top;
  let lastStub = top;
  for (let at = 0; at < boxes.length; at += 2) {
    const pair = boxes.slice(at, at + 2);
    y += podGap;
    lastStub = y + 18;
    pair.forEach(({ node, lines }, side) => {
      const x = side === 0 ? middle - gutter / 2 - podWidth : middle + gutter / 2;
      const end = side === 0 ? x + podWidth : x;
      stubs.push(`M${middle} ${lastStub}H${end}`);
      cards.push(drawBox(node, x, y, podWidth, lines, node.kind));
    });
    y += Math.max(...pair.map(({ lines }) => boxHeight(lines.length)));
  }
  if (boxes.length === 0) return { parts: [], bottom: y };
  const bus = element("path", { class: "line veth", d: `M${middle} ${top}V${lastStub}${stubs.join("")}` });
  return { parts: [bus, ...cards], bottom: y };
}

function drawBox(node: GraphNode, x: number, y: number, width: number, lines: readonly string[], kind: string): string {
  const room = Math.floor((width - 2 * podGap) / charWidth);
  const role = [kind, node.state].filter(Boolean).join(" ");
  return element(
    "g",
    { class: role },
    tooltip([`${kind} ${labelOf(node)}`, ...node.details, ...lines.filter((line) => line.includes(": "))]),
    element("rect", { x, y, width, height: boxHeight(lines.length), rx: 6 }),
    ...lines.map((line, at) =>
      textAt(x + podGap, y + 18 + at * lineHeight, cut(line, room), at === 0 ? "name" : roleOf(line)),
    ),
  );
}

function roleOf(line: string): string | undefined {
  return /^(in|out): /.test(line) ? "warn" : undefined;
}

function boxHeight(lines: number): number {
  return lines * lineHeight + 10;
}

function linesOf({ pod, impairment }: PodView): readonly string[] {
  return [labelOf(pod), ...pod.details.map(bare), ...impairmentLines(impairment)];
}

function bridgeLines(bridge: GraphNode | undefined): readonly string[] {
  return bridge === undefined ? [] : [labelOf(bridge), bridge.details.join("  ")];
}

function factsOf({ uplinks, vteps, places }: NodeView): readonly Fact[] {
  const uplinkFacts = uplinks.flatMap(({ label = "", details, from, impairment }) => {
    const bridge = places.find((place) => place.bridge?.id === from)?.bridge;
    const port = bridge === undefined ? [] : [`port of ${bridge.label}`];
    const values: readonly Omit<Fact, "key">[] = [
      ...[...details, ...port].map((value) => ({ value })),
      ...impairmentLines(impairment).map((value) => ({ value, warns: true as const })),
    ];
    return values.map((fact, at) => ({ ...fact, key: at === 0 ? label : "" }));
  });
  const tunnels = vteps.map((vtep) => ({ key: labelOf(vtep), value: vtep.details.join("  ") }));
  return [...uplinkFacts, ...tunnels];
}

/** Characters of the widest key, and two blanks. */
function keyWidth(facts: readonly Fact[]): number {
  return Math.max(0, ...facts.map(({ key }) => Bun.stringWidth(key))) + 2;
}
