import type { Fates } from "./_fates.ts";
import { printKindData } from "./_print-kind.ts";
import type { LinkRef, LinkSpec, LinkState } from "./net.ts";
import type { OpOf } from "./op.ts";

export interface LinkLine extends LinkRef {
  readonly sign: "+" | "-" | "-/+";
  readonly text: string;
}

/** What is made or deleted, a line for each end: the other end of a veth is always named. */
export function describeLink(op: OpOf<"link.add"> | OpOf<"link.delete">, fates: Fates): LinkLine[] {
  const { netns } = op;
  const spec = op.do === "link.add" ? op.link : op.was;
  const name = op.do === "link.add" ? op.link.name : op.name;
  const ends: (LinkRef & { readonly peer: LinkRef | undefined })[] = [{ netns, name, peer: spec?.peer }];
  if (spec?.peer !== undefined) ends.push({ ...spec.peer, peer: { netns, name } });
  // An end that is made anew is told where it is made.
  const told = op.do === "link.add" ? ends : ends.filter((end) => fates.made(end.netns, end.name) === undefined);
  return told.map(({ peer, ...ref }) => {
    const deleted = fates.deleted(ref.netns, ref.name);
    const sign = op.do === "link.delete" ? "-" : deleted === undefined ? "+" : "-/+";
    const what = spec === undefined ? "link" : spec.kind;
    const details = [
      ...(peer === undefined ? [] : [`to ${peer.netns === ref.netns ? "" : `${peer.netns}/`}${peer.name}`]),
      ...(op.do === "link.add" && spec !== undefined ? detailsOf(spec) : []),
      ...(op.do === "link.add" ? fates.addrsOf(ref.netns, ref.name) : []),
    ];
    const why = sign === "-/+" ? ` (${reason(ref, deleted)})` : "";
    return { ...ref, sign, text: [what, ref.name, ...details].join(" ") + why };
  });
}

function detailsOf(spec: LinkSpec): string[] {
  if (spec.kind === "veth") return [];
  const { data, lower } = spec;
  return printKindData(spec.kind, data, lower);
}

function reason(ref: LinkRef, deleted: OpOf<"link.delete"> | undefined): string {
  if (deleted === undefined) return "made anew";
  if (deleted.netns === ref.netns && deleted.name === ref.name) return deleted.why ?? "made anew";
  return `goes with ${deleted.netns}/${deleted.name}`;
}

/** Old and new values: `mtu 1400 → 1300, master br0 → none`. */
export function describeSet({ set, was }: OpOf<"link.set">): string {
  const left = values(was);
  return Object.entries(values(set))
    .map(([key, value]) => (left[key] === undefined ? `${key} ${value}` : `${key} ${left[key]} → ${value}`))
    .join(", ");
}

function values({ up, master, alias, altNames, port, ...plain }: LinkState): Readonly<Record<string, string>> {
  const entries: [string, string][] = Object.entries(plain).map(([key, value]) => [key, String(value)]);
  if (up !== undefined) entries.push(["state", up ? "up" : "down"]);
  if (master !== undefined) entries.push(["master", master ?? "none"]);
  if (alias !== undefined) entries.push(["alias", alias === "" ? "none" : alias]);
  if (altNames !== undefined) entries.push(["names", altNames.length === 0 ? "none" : altNames.join("+")]);
  for (const [key, value] of Object.entries(port ?? {})) {
    entries.push([
      `port ${key}`,
      typeof value === "boolean" ? (value ? "on" : "off") : String(value as string | number),
    ]);
  }
  return Object.fromEntries(entries);
}
