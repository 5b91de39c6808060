import { CniError } from "../../cni/index.ts";
import { type CacheEntry, type NetworkList, type Runtime, add, del, listCached } from "../../cni/runtime/index.ts";
import type { Kernel } from "../../kernel/index.ts";
import { netnsPath } from "../../netns/index.ts";
import { LabError } from "../error.ts";
import type { LabPlaces } from "../places.ts";
import { networksOn } from "../topology.ts";
import type { NetworkNode, PodNetwork, PodSpec, Topology } from "../topology.ts";
import { attachmentOf } from "./attachments.ts";
import { runtimeOn } from "./in-node.ts";
import { networkOf } from "./network.ts";
import { nodePlaces } from "./places.ts";
import { makePluginFolder } from "./plugin-folder.ts";

/** A pod that is to be attached. */
interface Due {
  readonly network: NetworkList;
  readonly pod: PodSpec;
  /** It is remembered, but not as it shall be. */
  readonly again: boolean;
}

interface Job extends Due {
  readonly runtime: Runtime;
}

/**
 * Attaches every pod that is not attached, or otherwise than it shall be. Returns the names of those.
 * @throws {LabError} `partial` for the first plugin that fails: the same command goes on
 */
export async function attachPods(
  kernel: Kernel,
  topology: Topology,
  places: LabPlaces,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const nodes = topology.nodes.map((node) =>
    networksOn(topology, node.name).flatMap((each) => jobsOn(kernel, each.network, each.node, places)),
  );
  // Nodes side by side; on one of them in order, so that equal labs get equal addresses.
  const ends = await Promise.allSettled(nodes.map((jobs) => attachAll(topology.name, jobs, signal)));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return nodes.flatMap((jobs) => jobs.map(({ pod }) => pod.name));
}

async function attachAll(lab: string, jobs: readonly Job[], signal: AbortSignal | undefined): Promise<void> {
  for (const job of jobs) {
    if (signal?.aborted === true) throw stopped(lab, signal.reason);
    try {
      await attach(job);
    } catch (error) {
      throw failure(lab, job.pod.name, error);
    }
  }
}

const goOn = (lab: string): string => `run the same command again to go on, or 'netloom down ${lab}' to remove the lab`;

function stopped(lab: string, cause: unknown): LabError {
  return new LabError("partial", `lab ${lab} was interrupted: not all pods are attached; ${goOn(lab)}`, cause);
}

function jobsOn(kernel: Kernel, network: PodNetwork, node: NetworkNode, places: LabPlaces): readonly Job[] {
  const { cni } = network;
  if (cni === undefined) return [];
  const path = cni.path.length > 0 ? cni.path : [makePluginFolder(places)];
  const runtime = runtimeOn(node.netns, nodePlaces(places, node.name), path, () => undefined);
  return dueOn(kernel, network, node, places).map((due) => ({ ...due, runtime }));
}

/** The pods of a network on a node that are not attached, or otherwise than they shall be; no plugin is asked. */
export function dueOn(
  kernel: Kernel,
  network: PodNetwork,
  node: NetworkNode,
  places: LabPlaces,
  isThere: (netns: string) => boolean = () => true,
): readonly Due[] {
  if (network.cni === undefined) return [];
  const own = nodePlaces(places, node.name);
  const config = networkOf(network, network.cni, node, own);
  const known = new Map(listCached(own.cache).map((entry) => [entry.containerId, entry]));
  return node.pods.flatMap((pod) => {
    const entry = known.get(pod.netns);
    const stays =
      entry?.config === config.text &&
      [pod, node].every(({ netns }) => isThere(netns)) &&
      isWhole(kernel, node, pod, entry);
    return stays ? [] : [{ network: config, pod, again: entry !== undefined }];
  });
}

/** Whether what the plugins made is still there, and up: they make it anew where it is not. */
function isWhole(kernel: Kernel, node: NetworkNode, pod: PodSpec, entry: CacheEntry): boolean {
  const { addrs, port } = attachmentOf(entry);
  const link = kernel.link(pod.netns, pod.ifname);
  if (link?.up !== true) return false;
  const there = new Set(link.addrs.map(({ prefix }) => prefix));
  return addrs.every((addr) => there.has(addr)) && (port === undefined || kernel.link(node.netns, port)?.up === true);
}

async function attach({ runtime, network, pod, again }: Job): Promise<void> {
  const attachment = requestFor(pod);
  if (again) await del(runtime, network.name, network, { ...attachment, netns: "" });
  await add(runtime, network, attachment);
}

const requestFor = ({ name, netns, ifname, mac }: PodSpec) => ({
  containerId: netns,
  ifname,
  netns: netnsPath(netns),
  args: [
    ["IgnoreUnknown", "1"],
    ["K8S_POD_NAME", name],
  ] as const,
  capabilityArgs: { mac },
});

function failure(lab: string, pod: string, error: unknown): unknown {
  if (!(error instanceof CniError)) return error;
  const details = error.details === undefined ? "" : `\n  ${error.details}`;
  return new LabError(
    "partial",
    `attach pod ${pod} of lab ${lab}: ${error.message}${details}\nnot all pods are attached; ${goOn(lab)}`,
    error,
  );
}
