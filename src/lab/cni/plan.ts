import type { NetnsName } from "../../change/index.ts";
import { type NetworkList, listCached } from "../../cni/runtime/index.ts";
import type { Kernel } from "../../kernel/index.ts";
import type { LabPlaces } from "../places.ts";
import { networksOn } from "../topology.ts";
import type { Topology } from "../topology.ts";
import { dueOn } from "./attach.ts";
import { attachedNodes, staysIn } from "./detach.ts";
import { nodePlaces } from "./places.ts";

/** What becomes of a pod's attachment by CNI plugins. */
export interface AttachmentChange {
  /** `again`: it is attached, otherwise than it shall be; the plugins' DEL comes before their ADD. */
  readonly do: "attach" | "again" | "detach";
  /** Where the plugins are called, and the pod: their namespaces. */
  readonly node: NetnsName;
  readonly pod: NetnsName;
  readonly ifname: string;
  /** The name of the plugins' network. */
  readonly network: string;
  /** Absent for what is detached: by the plugins that attached it. */
  readonly plugins?: readonly string[];
}

/**
 * What `up` would have the plugins do, those that go first; none is asked.
 * @param isThere - whether there is a namespace of that name
 */
export function planAttachments(
  kernel: Kernel,
  topology: Topology,
  places: LabPlaces,
  isThere: (netns: NetnsName) => boolean,
): readonly AttachmentChange[] {
  const stays = staysIn(topology);
  const going = attachedNodes(places).flatMap((name) => {
    const node = `${topology.name}-${name}`;
    if (!isThere(node)) return [];
    return listCached(nodePlaces(places, name).cache)
      .filter((entry) => !stays(name, entry))
      .map(({ containerId: pod, ifname, network }) => ({ do: "detach", node, pod, ifname, network }) as const);
  });
  const coming = topology.nodes.flatMap(({ name, netns: node }) =>
    networksOn(topology, name).flatMap((on) =>
      dueOn(kernel, on.network, on.node, places, isThere).map(
        ({ network, pod: { netns: pod, ifname }, again }): AttachmentChange => ({
          do: again ? "again" : "attach",
          node,
          pod,
          ifname,
          network: network.name,
          plugins: typesOf(network),
        }),
      ),
    ),
  );
  return [...going, ...coming];
}

const typesOf = ({ plugins }: NetworkList): readonly string[] => plugins.map(({ type }) => type);
