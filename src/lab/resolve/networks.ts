import { shortIfName } from "../../values/index.ts";
import type { IfName } from "../../values/index.ts";
import type { LabFile, LabSpec, Path } from "../file/index.ts";
import type { Issues } from "./_issues.ts";
import { matcher } from "./pattern.ts";

type NetworkKeys = LabSpec["network"];

/** A network of pods as the file has it, and where it speaks of it. */
export interface NetworkEntry extends NetworkKeys {
  readonly name: string;
  /** Of its own keys. */
  readonly path: Path;
  readonly bridge: IfName;
  readonly pods: LabSpec["pods"];
  readonly podsPath: Path;
  /** The pattern of its pods' names where they are counted and the file gives none. */
  readonly podName: string;
  readonly addresses: LabSpec["addresses"];
  readonly addressesPath: Path;
  readonly interface: LabSpec["interface"];
  /** Whether it is on the node of that name. */
  readonly isOn: (node: string) => boolean;
}

/** The networks: those of `networks`, or the one that the top of the file describes. */
export function networksOf({ spec, input }: LabFile, issues: Issues): readonly NetworkEntry[] {
  const { networks, network, pods, addresses } = spec;
  const top = {
    pods,
    podsPath: ["pods"],
    addresses: inOneNet(addresses),
    addressesPath: ["addresses"],
    interface: spec.interface,
  } as const;
  if (networks === undefined) {
    const bridge = network.bridge ?? shortIfName("br0");
    const isOn = someOf(network.nodes);
    return [{ ...network, ...top, name: "pods", path: ["network"], bridge, podName: "<node>-ns%02d", isOn }];
  }
  if (input.network !== undefined) {
    issues.add(
      ["network"],
      'give either "network" (one) or "networks", not both',
      'move it into one of the "networks"',
    );
  }
  return networks.map((own, at) => {
    const path = ["networks", at];
    return {
      ...top,
      ...own,
      pods: own.pods ?? pods,
      podsPath: own.pods === undefined ? top.podsPath : [...path, "pods"],
      addresses: inOneNet(own.addresses ?? addresses),
      addressesPath: own.addresses === undefined ? top.addressesPath : [...path, "addresses"],
      interface: own.interface ?? spec.interface,
      path,
      bridge: own.bridge ?? shortIfName(own.name),
      podName: "<network>-<node>-ns%02d",
      isOn: someOf(own.nodes),
    };
  });
}

/** Whether names are unique and node patterns match somebody. */
export function checkNetworks(networks: readonly NetworkEntry[], nodes: readonly string[], issues: Issues): void {
  const seen = new Set<string>();
  for (const { name, path, nodes: wanted = [] } of networks) {
    if (seen.has(name)) issues.add([...path, "name"], `two networks are named "${name}"`, "give one another name");
    seen.add(name);
    for (const pattern of typeof wanted === "string" ? [wanted] : wanted) {
      if (nodes.some(matcher(pattern))) continue;
      issues.add([...path, "nodes"], `no node is named "${pattern}"`, `the nodes are ${nodes.slice(0, 8).join(", ")}`);
    }
  }
}

/** Numbers of a shuffled list are everybody's in the same net. */
function inOneNet(addresses: LabSpec["addresses"]): LabSpec["addresses"] {
  return addresses.shuffle === undefined ? addresses : { net: 0, ...addresses };
}

function someOf(patterns: string | readonly string[] | undefined): (node: string) => boolean {
  if (patterns === undefined) return () => true;
  const fits = (typeof patterns === "string" ? [patterns] : patterns).map(matcher);
  return (node) => fits.some((one) => one(node));
}
