import type { Served } from "../../cni/index.ts";
import { inProcess, type CallPlugin } from "../../cni/runtime/index.ts";
import { plugins, versionsOf } from "../../plugins/index.ts";

/** The plugin of this executable of that name. */
export function ownPlugin(name: string): Served | undefined {
  const load = Object.hasOwn(plugins, name) ? plugins[name] : undefined;
  return load && { name, versions: versionsOf(name), load, find: (other) => plugins[other] };
}

/** Calls plugins: those of this executable in this process, all others as their own. */
export const callPlugin: CallPlugin = inProcess({ served: ownPlugin });
