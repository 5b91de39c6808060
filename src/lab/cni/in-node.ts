import { type Runtime, execPluginBy, openRuntime } from "../../cni/runtime/index.ts";
import { openNetns } from "../../netns/index.ts";
import { inside } from "../../sys/index.ts";
import type { NodePlaces } from "./places.ts";

/** A runtime on a node: plugins are processes born in the node's network namespace, which is the host to them. */
export function runtimeOn(
  node: string,
  places: NodePlaces,
  path: readonly string[],
  tell: (note: string) => void,
): Runtime {
  const call = execPluginBy((start) => {
    using netns = openNetns(node);
    return inside(netns, start);
  });
  return openRuntime({ path, cacheDir: places.cache, call, tell });
}
