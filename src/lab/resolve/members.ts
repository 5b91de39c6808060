import { nearest } from "../../values/index.ts";
import type { Ip } from "../../values/index.ts";
import type { LabFile, LabSpec, Path } from "../file/index.ts";
import type { Issues } from "./_issues.ts";
import { checkNetworks } from "./networks.ts";
import type { NetworkEntry } from "./networks.ts";
import { numbered } from "./pattern.ts";

/** A node by name and number, and where the file speaks of it. */
export interface NodeEntry {
  readonly name: string;
  readonly number: number;
  readonly path: Path;
  /** The LANs it is on, if not all. */
  readonly lans?: readonly string[];
  /** Addresses that are written, by LAN. */
  readonly addresses?: ReadonlyMap<string, readonly Ip[]>;
  readonly podCount?: number;
}

/** A node with its pods of one network. */
export interface NodeMember extends NodeEntry {
  readonly pods: readonly PodMember[];
}

export interface PodMember {
  readonly name: string;
  readonly number: number;
  readonly path: Path;
}

const hostName = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$/;

/** A network with its nodes and their pods. */
export interface NetworkMembers {
  readonly entry: NetworkEntry;
  readonly members: readonly NodeMember[];
}

/** Names and numbers of all nodes and their pods. */
export function membersOf(
  { spec }: LabFile,
  networks: readonly NetworkEntry[],
  issues: Issues,
): { readonly nodes: readonly NodeEntry[]; readonly networks: readonly NetworkMembers[] } {
  const nodes = nodesOf(spec);
  checkNetworks(
    networks,
    nodes.map(({ name }) => name),
    issues,
  );
  const all = networks.map((entry): NetworkMembers => {
    const own = nodes.filter(({ name }) => entry.isOn(name));
    const pods = podsOf(entry, own, issues);
    return { entry, members: own.map((node) => ({ ...node, pods: pods.get(node.name) ?? [] })) };
  });
  checkNames(nodes, all, spec.externals, issues);
  checkNumbers(nodes, "node", issues);
  for (const { members } of all) for (const { pods } of members) checkNumbers(pods, "pod", issues);
  return { nodes, networks: all };
}

function nodesOf({ nodes }: LabSpec): readonly NodeEntry[] {
  if (Array.isArray(nodes)) {
    return nodes.map((entry, at) => {
      const path = ["nodes", at];
      if (typeof entry === "string") return { name: entry, number: at + 1, path };
      const { name, number = at + 1, pods, lans, addresses } = entry;
      const more = {
        ...(pods === undefined ? {} : { podCount: pods }),
        ...(lans === undefined ? {} : { lans }),
        ...(addresses === undefined ? {} : { addresses: listed(addresses) }),
      };
      return { name, number, path, ...more };
    });
  }
  const { count, name } = typeof nodes === "number" ? { count: nodes, name: "vm-%03d" } : nodes;
  const path = ["nodes"];
  return Array.from({ length: count }, (_, at) => ({ name: numbered(name, at + 1), number: at + 1, path }));
}

function listed(addresses: Readonly<Record<string, Ip | readonly Ip[]>>): ReadonlyMap<string, readonly Ip[]> {
  return new Map(Object.entries(addresses).map(([lan, ips]) => [lan, typeof ips === "string" ? [ips] : ips]));
}

function podsOf(
  { name: network, pods, podsPath, podName }: NetworkEntry,
  nodes: readonly NodeEntry[],
  issues: Issues,
): ReadonlyMap<string, readonly PodMember[]> {
  if (!Array.isArray(pods)) {
    const { count, name = podName } = typeof pods === "number" ? { count: pods } : pods;
    return new Map(
      nodes.map((node) => {
        const path = node.podCount === undefined ? podsPath : [...node.path, "pods"];
        const pattern = name.replaceAll("<node>", node.name).replaceAll("<network>", network);
        const members = Array.from({ length: node.podCount ?? count }, (_, at) => ({
          name: numbered(pattern, at + 1),
          number: at + 1,
          path,
        }));
        return [node.name, members];
      }),
    );
  }
  const byNode = new Map<string, PodMember[]>(nodes.map(({ name }) => [name, []]));
  pods.forEach((pod, at) => {
    const onNode = byNode.get(pod.node);
    if (onNode === undefined) {
      const guess = nearest(pod.node, byNode.keys());
      const hint = guess === undefined ? "add it to nodes" : `did you mean "${guess}"?`;
      issues.add([...podsPath, at, "node"], `there is no node "${pod.node}"`, hint);
      return;
    }
    onNode.push({ name: pod.name, number: pod.number ?? onNode.length + 1, path: [...podsPath, at] });
  });
  nodes.forEach((node) => {
    if (node.podCount === undefined) return;
    issues.add(
      [...node.path, "pods"],
      "the pods are listed one by one in pods, so a node cannot have a count of them",
      "remove one of the two",
    );
  });
  return byNode;
}

/** Every node, pod and external is a host and a namespace `<lab>-<name>`, next to `<lab>-fabric`. */
function checkNames(
  nodes: readonly NodeEntry[],
  networks: readonly NetworkMembers[],
  externals: LabSpec["externals"],
  issues: Issues,
): void {
  const seen = new Map<string, string>([["fabric", "the lab's own namespace for LANs"]]);
  const refusedAt = new Set<Path>();
  const take = (name: string, path: Path, who: string, fix: string, orAt: readonly Path[] = []): void => {
    if (refusedAt.has(path)) return;
    const before = refusedAt.size;
    const taken = seen.get(name);
    if (taken !== undefined) {
      issues.addAtFirst([path, ...orAt], `the name "${name}" of ${who} is taken by ${taken}`, fix);
      refusedAt.add(path);
    } else if (!hostName.test(name)) {
      issues.addAtFirst(
        [path, ...orAt],
        `the name "${name}" of ${who} cannot be a host name`,
        "1 to 63 letters, digits, dashes and dots, the first and last a letter or digit",
      );
      refusedAt.add(path);
    }
    if (refusedAt.size === before) seen.set(name, who);
  };
  for (const node of nodes) take(node.name, node.path, `node ${node.number}`, "give it another name");
  externals.forEach(({ name }, at) => take(name, ["externals", at], `external ${at + 1}`, "give it another name"));
  // Pods are named after their nodes: their names are wrong for the same reason.
  if (refusedAt.size > 0) return;
  for (const { entry, members } of networks) {
    const words = networks.length > 1 ? '"<network>", "<node>"' : '"<node>"';
    const fix = Array.isArray(entry.pods)
      ? "give it another name"
      : `let the pattern pods.name have ${words} and a number in it`;
    // Where nothing is said of pods, their names follow from those of others.
    const named = [...entry.path, "name"];
    for (const node of members) {
      for (const pod of node.pods)
        take(pod.name, pod.path, `pod ${pod.number} of ${node.name}`, fix, [named, node.path]);
    }
  }
}

function checkNumbers(members: readonly PodMember[], what: string, issues: Issues): void {
  const seen = new Map<number, string>();
  for (const { name, number, path } of members) {
    const taken = seen.get(number);
    if (taken === undefined) seen.set(number, name);
    else
      issues.add(
        [...path, "number"],
        `${what} ${name} has number ${number}, as ${taken} has`,
        "numbers make addresses; give each its own",
      );
  }
}
