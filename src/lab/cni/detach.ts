import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CniError } from "../../cni/index.ts";
import { type CacheEntry, del, listCached } from "../../cni/runtime/index.ts";
import { pinState } from "../../netns/index.ts";
import type { LabPlaces } from "../places.ts";
import { podsOn } from "../topology.ts";
import type { Topology } from "../topology.ts";
import { runtimeOn } from "./in-node.ts";
import { nodePlaces, nodesFolder, pluginFolder } from "./places.ts";

type Stays = (node: string, attachment: Pick<CacheEntry, "containerId">) => boolean;

/** Whether a pod is still wanted on its node: then it is looked at when all is there. */
export function staysIn({ networks }: Topology): Stays {
  const byPlugins = networks.filter(({ cni }) => cni !== undefined);
  return (node, { containerId }) => podsOn(byPlugins, node).some(({ netns }) => netns === containerId);
}

/** What is to be detached: all, or the attachments that `stays` does not name. */
export interface DetachOptions {
  /** `CNI_PATH` of the lab; empty for netloom's own plugins. */
  readonly path: readonly string[];
  readonly stays?: Stays;
}

/**
 * Detaches pods while their nodes are still there, so that plugins can give back what they keep elsewhere. Goes on after
 * failures and returns them: what is in the lab's namespaces goes with these in any case.
 * @param lab - its name, with which the names of its namespaces begin
 */
export async function detachPods(
  lab: string,
  places: LabPlaces,
  { path, stays = () => false }: DetachOptions,
): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const node of attachedNodes(places)) {
    const own = nodePlaces(places, node);
    const netns = `${lab}-${node}`;
    const runtime = runtimeOn(netns, own, path.length > 0 ? path : [pluginFolder(places)], () => undefined);
    const going = listCached(own.cache).filter((entry) => !stays(node, entry));
    for (const entry of pinState(netns) === "pinned" ? going : []) {
      const { containerId, ifname, netns: pod = "" } = entry;
      try {
        await del(runtime, entry.network, undefined, { containerId, ifname, netns: pod });
      } catch (error) {
        if (!(error instanceof CniError)) throw error;
        failures.push(`${containerId}: ${error.message}`);
      }
    }
    if (listCached(own.cache).length === 0) rmSync(join(nodesFolder(places), node), { recursive: true, force: true });
  }
  return failures;
}

/** Nodes of which attachments are remembered. */
export function attachedNodes(places: LabPlaces): readonly string[] {
  try {
    return readdirSync(nodesFolder(places));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
