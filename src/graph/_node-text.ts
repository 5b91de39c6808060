import type { Glyphs } from "./_glyphs.ts";
import { impairmentLines, labelOf } from "./_label.ts";
import { bare } from "./_members.ts";
import type { NodeView, PlaceView, PodView } from "./_members.ts";
import { pad, visible } from "../output/text.ts";
import type { GraphEdge, GraphNode, State } from "./model.ts";

/** What a piece of text means, for whoever colours it. */
export type Tone = "good" | "bad" | "warn" | "dim" | "strong";

export type Paint = (tone: Tone, text: string) => string;

/** Where pods' addresses go: beside the name, or below it where width is short. */
export type PodForm = "beside" | "below";

/** What is written inside a node's box, in the sections that boxes beside each other line up by. */
export interface NodeText {
  readonly uplinks: readonly string[];
  /** Its first line is where the tunnel docks. */
  readonly vtep: readonly string[];
  readonly bridge: readonly string[];
}

/** Writes a node's interfaces and pods; `lanOf` answers the name of a LAN that no line leads to, to be named here. */
export function nodeText(
  view: NodeView,
  form: PodForm,
  glyphs: Glyphs,
  paint: Paint,
  lanOf: (uplink: GraphEdge) => string | undefined,
): NodeText {
  const { vteps, places, uplinks } = view;
  const names = [...uplinks, ...vteps, ...places.flatMap(({ bridge }) => bridge ?? [])].map(({ label }) => label);
  const width = Math.max(0, ...names.map((name) => Bun.stringWidth(visible(name ?? ""))));
  return {
    uplinks: uplinks.flatMap((uplink) =>
      keyed(width, visible(uplink.label ?? ""), uplinkLines(uplink, view, glyphs, paint, lanOf)),
    ),
    vtep: vteps.flatMap((vtep) => keyed(width, stateful(vtep, paint), oneLine(vtep))),
    bridge: places.flatMap((place) => [
      ...(place.bridge === undefined ? [] : bridgeLines(place.bridge, place, width, glyphs, paint)),
      ...podLines(place, form, glyphs, paint),
    ]),
  };
}

const tones = { up: "good", down: "bad", unknown: "warn" } as const satisfies Record<State, Tone>;

/** The label of a box, coloured by its state. */
export function stateful(node: GraphNode, paint: Paint): string {
  const text = labelOf(node);
  return node.state === undefined ? text : paint(tones[node.state], text);
}

function uplinkLines(
  uplink: GraphEdge,
  { places }: NodeView,
  glyphs: Glyphs,
  paint: Paint,
  lanOf: (uplink: GraphEdge) => string | undefined,
): readonly string[] {
  const lan = lanOf(uplink);
  const bridge = places.find((place) => place.bridge?.id === uplink.from)?.bridge;
  return [
    ...uplink.details.map(visible),
    ...(bridge === undefined ? [] : [`port of ${visible(bridge.label)}`]),
    ...(lan === undefined ? [] : [`on ${visible(lan)}`]),
    ...warnings(uplink.impairment, glyphs, paint),
  ];
}

function bridgeLines(
  bridge: GraphNode,
  { pods, more }: PlaceView,
  width: number,
  { tree }: Glyphs,
  paint: Paint,
): readonly string[] {
  const [first = "", ...others] = keyed(width, stateful(bridge, paint), bridge.details.map(visible));
  if (pods.length === 0 && more === undefined) return [first, ...others];
  return [first, ...others.map((line) => tree.pass + line.slice(tree.pass.length))];
}

function podLines({ pods, more }: PlaceView, form: PodForm, glyphs: Glyphs, paint: Paint): readonly string[] {
  const labels = pods.map(({ pod }) => stateful(pod, paint));
  const width = Math.max(0, ...labels.map((label) => Bun.stringWidth(label)));
  const entries = pods.map((view, at) => podEntry(view, labels[at] ?? "", width, form, glyphs, paint));
  if (more !== undefined) entries.push([paint("dim", visible(more.label))]);
  return entries.flatMap(([head = "", ...tail], at) => {
    const last = at === entries.length - 1;
    const { tree } = glyphs;
    return [`${last ? tree.last : tree.next} ${head}`, ...tail.map((line) => `${last ? "  " : tree.pass} ${line}`)];
  });
}

function podEntry(
  { pod, impairment }: PodView,
  label: string,
  width: number,
  form: PodForm,
  glyphs: Glyphs,
  paint: Paint,
): readonly string[] {
  const lines = [...pod.details.map((detail) => visible(bare(detail))), ...warnings(impairment, glyphs, paint)];
  return form === "below" ? [label, ...lines.map((line) => `  ${line}`)] : keyed(width, label, lines);
}

function warnings(text: string | undefined, { warning }: Glyphs, paint: Paint): readonly string[] {
  return impairmentLines(text).map((line) => paint("warn", `${warning} ${line}`));
}

/** The addresses and measures of a VTEP are short: side by side. */
function oneLine({ details }: GraphNode): readonly string[] {
  return [details.map(visible).join("  ")];
}

/** `name  value`, with further values below the first. */
function keyed(width: number, name: string, values: readonly string[]): readonly string[] {
  const [first = "", ...others] = values;
  const head = first === "" ? name : `${pad(name, width)}  ${first}`;
  return [head, ...others.map((value) => `${" ".repeat(width)}  ${value}`)];
}
