import { type OverlayType, PodsError, forward, nodeRoutes, overlay, parseUnderlay } from "../../pods/index.ts";
import type { Terminal } from "../terminal.ts";
import { type NodeWords, change, nodeOf } from "./modern.ts";

/** What `netloom pods join` is told. */
export interface JoinWords extends NodeWords {
  readonly by: OverlayType | "routes";
  readonly device: string | undefined;
  readonly underlay: string | undefined;
  readonly forward: boolean;
}

export async function joinNodes(words: JoinWords, terminal: Terminal): Promise<void> {
  const node = nodeOf(words);
  const { by, device } = words;
  const underlay = words.underlay === undefined ? undefined : parseUnderlay(words.underlay);
  if (by === "routes" && underlay !== undefined)
    throw new PodsError("usage", "--underlay is where an overlay goes, and routes need none", "name one by --by");
  await change(terminal, (job) => {
    if (words.forward) forward(job);
    if (by === "routes") nodeRoutes(job, node);
    else overlay(job, node, { type: by, ...(device !== undefined && { device }), ...(underlay && { underlay }) });
  });
}
