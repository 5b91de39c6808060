import type { Served } from "../../cni/index.ts";
import { inProcess, type CallPlugin } from "../../cni/runtime/index.ts";
import { plugins, versionsOf } from "../../plugins/index.ts";
import { nearest } from "../../values/index.ts";

/** The plugin of this executable of that name. */
export function ownPlugin(name: string): Served | undefined {
  const load = Object.hasOwn(plugins, name) ? plugins[name] : undefined;
  return load && { name, versions: versionsOf(name), load, find: (other) => plugins[other] };
}

/** What to do about a plugin that is not installed, if it can be told. */
export function howToGet(type: string): string | undefined {
  if (Object.hasOwn(plugins, type)) return "'netloom cni install --dir DIR' puts netloom's there";
  const meant = nearest(type, Object.keys(plugins));
  return meant && `did you mean ${meant}?`;
}

/** Calls plugins: those of this executable in this process, all others as their own. */
export const callPlugin: CallPlugin = inProcess({ served: ownPlugin });
