import { type NetworkList, parseList } from "../../cni/runtime/index.ts";
import { familyOf } from "../../values/index.ts";
import { type CniSpec, type NetworkNode, type PodNetwork, deviceMtu } from "../topology.ts";
import type { NodePlaces } from "./places.ts";

/**
 * The network of a node: the file's, with what is different on each node filled in. Plugins that keep files keep them with the lab
 * unless the configuration says where. @throws {CniError} 6, 7
 */
export function networkOf(network: PodNetwork, cni: CniSpec, node: NetworkNode, places: NodePlaces): NetworkList {
  const words = wordsOf(network, node);
  const list = filled(cni.conflist, words) as Filled;
  const plugins = list.plugins.map((plugin) => withDataDir(plugin, places));
  return parseList(JSON.stringify({ ...list, plugins }));
}

interface Filled {
  readonly plugins: readonly { readonly type: string; readonly ipam?: unknown; readonly dataDir?: unknown }[];
}

function wordsOf(network: PodNetwork, { name, podNets }: NetworkNode): ReadonlyMap<string, string | number> {
  const net = (family: 4 | 6): [string, string][] =>
    podNets.filter((prefix) => familyOf(prefix) === family).map((prefix) => [`<ipv${family}>`, prefix]);
  return new Map<string, string | number>([
    ["<lab>", network.lab],
    ["<node>", name],
    ["<mtu>", deviceMtu(network.mtu)],
    ...net(4),
    ...net(6),
  ]);
}

/** A word that stands alone becomes its value, a number stays one; inside a text it is put into it. */
function filled(value: unknown, words: ReadonlyMap<string, string | number>): unknown {
  if (typeof value === "string") {
    return words.get(value) ?? value.replaceAll(/<[a-z0-9]+>/g, (word) => String(words.get(word) ?? word));
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, words));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, words)]));
}

/** host-local keeps reservations, tuning old values: by default in folders that belong to the host. */
function withDataDir(plugin: Filled["plugins"][number], places: NodePlaces): object {
  const { ipam } = plugin;
  if (plugin.type === "tuning") return { dataDir: places.tuning, ...plugin };
  if (typeof ipam !== "object" || ipam === null || Reflect.get(ipam, "type") !== "host-local") return plugin;
  return { ...plugin, ipam: { dataDir: places.addresses, ...ipam } };
}
