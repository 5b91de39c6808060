import { isSpecVersion, parseResult, type Result } from "../../cni/index.ts";
import { type CacheEntry, listCached } from "../../cni/runtime/index.ts";
import { tryIfName, tryMac } from "../../values/index.ts";
import type { LabPlaces } from "../places.ts";
import { podsOn } from "../topology.ts";
import type { NetworkNode, PodNetwork, PodSpec, Topology } from "../topology.ts";
import { nodePlaces } from "./places.ts";

/** What plugins gave a pod. */
export type PodAttachment = Pick<PodSpec, "port" | "addrs"> & Partial<Pick<PodSpec, "mac">>;

/** The topology with the addresses that plugins gave; unchanged where none were called. */
export function withAttachments(topology: Topology, places: LabPlaces): Topology {
  if (topology.networks.every(({ cni }) => cni === undefined)) return topology;
  const networks = topology.networks.map((network): PodNetwork => {
    if (network.cni === undefined) return network;
    const nodes = network.nodes.map((node) => attached(node, listCached(nodePlaces(places, node.name).cache)));
    return { ...network, nodes };
  });
  return {
    ...topology,
    networks,
    nodes: topology.nodes.map((node) => ({ ...node, pods: podsOn(networks, node.name) })),
  };
}

/** The pods that plugins shall attach and have not, by name. */
export function unattached({ networks }: Topology, places: LabPlaces): readonly string[] {
  return networks
    .filter(({ cni }) => cni !== undefined)
    .flatMap(({ nodes }) => nodes)
    .flatMap(({ name, pods }) => {
      const there = new Set(listCached(nodePlaces(places, name).cache).map(({ containerId }) => containerId));
      return pods.filter(({ netns }) => !there.has(netns)).map((pod) => pod.name);
    });
}

function attached(node: NetworkNode, entries: readonly CacheEntry[]): NetworkNode {
  const byPod = new Map(entries.map((entry) => [entry.containerId, entry]));
  const pods = node.pods.map((pod) => {
    const entry = byPod.get(pod.netns);
    return entry === undefined ? pod : { ...pod, ...attachmentOf(entry) };
  });
  return { ...node, pods };
}

/** What the result of an ADD says of the pod's interface. */
export function attachmentOf({ result, ifname }: CacheEntry): PodAttachment {
  const { interfaces = [], ips = [] } = result === undefined ? {} : resultOf(result);
  const own = interfaces.findIndex(({ name, sandbox }) => name === ifname && sandbox !== undefined);
  const mac = tryMac(interfaces[own]?.mac ?? "");
  // The bridge plugin names its bridge first, then the pair: the last one on the host is the pod's.
  const port = tryIfName(interfaces.findLast(({ sandbox }) => sandbox === undefined)?.name ?? "");
  return {
    addrs: ips.filter(({ interface: at }) => at === undefined || at === own).map(({ address }) => address),
    ...(mac === undefined ? {} : { mac }),
    ...(port === undefined ? {} : { port }),
  };
}

function resultOf(result: NonNullable<CacheEntry["result"]>): Result {
  const { cniVersion } = result;
  return parseResult(result, typeof cniVersion === "string" && isSpecVersion(cniVersion) ? cniVersion : "1.0.0");
}
