import { nearest } from "../file/index.ts";
import type { LabFile, LabSpec, Path } from "../file/index.ts";
import type { Issues } from "./_issues.ts";
import { numbered } from "./pattern.ts";

/** A node by name and number, and where the file speaks of it. */
export interface NodeMember {
  readonly name: string;
  readonly number: number;
  readonly path: Path;
  readonly pods: readonly PodMember[];
}

export interface PodMember {
  readonly name: string;
  readonly number: number;
  readonly path: Path;
}

const hostName = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$/;

/** Names and numbers of all nodes and their pods. */
export function membersOf({ spec }: LabFile, issues: Issues): readonly NodeMember[] {
  const nodes = nodesOf(spec);
  const pods = podsOf(spec, nodes, issues);
  const members = nodes.map(({ name, number, path }) => ({ name, number, path, pods: pods.get(name) ?? [] }));
  checkNames(spec, members, issues);
  checkNumbers(members, issues);
  return members;
}

interface NodeEntry extends Omit<NodeMember, "pods"> {
  readonly podCount?: number;
}

function nodesOf({ nodes }: LabSpec): readonly NodeEntry[] {
  if (Array.isArray(nodes)) {
    return nodes.map((entry, at) => {
      const path = ["nodes", at];
      if (typeof entry === "string") return { name: entry, number: at + 1, path };
      const { name, number = at + 1, pods } = entry;
      return { name, number, path, ...(pods === undefined ? {} : { podCount: pods }) };
    });
  }
  const { count, name } = typeof nodes === "number" ? { count: nodes, name: "vm-%03d" } : nodes;
  const path = ["nodes"];
  return Array.from({ length: count }, (_, at) => ({ name: numbered(name, at + 1), number: at + 1, path }));
}

function podsOf(
  { pods }: LabSpec,
  nodes: readonly NodeEntry[],
  issues: Issues,
): ReadonlyMap<string, readonly PodMember[]> {
  if (!Array.isArray(pods)) {
    const podsPath = ["pods"];
    const { count, name } = typeof pods === "number" ? { count: pods, name: "<node>-ns%02d" } : pods;
    return new Map(
      nodes.map((node) => {
        const path = node.podCount === undefined ? podsPath : node.path;
        const pattern = name.replaceAll("<node>", node.name);
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
      issues.add(["pods", at, "node"], `there is no node "${pod.node}"`, hint);
      return;
    }
    onNode.push({ name: pod.name, number: pod.number ?? onNode.length + 1, path: ["pods", at] });
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

/** Every node and pod is a host and a namespace `<lab>-<name>`, next to `<lab>-fabric`. */
function checkNames(spec: LabSpec, nodes: readonly NodeMember[], issues: Issues): void {
  const seen = new Map<string, string>([["fabric", "the lab's own namespace for LANs"]]);
  const refusedAt = new Set<Path>();
  const take = (name: string, path: Path, who: string, fix: string): void => {
    if (refusedAt.has(path)) return;
    const before = refusedAt.size;
    const taken = seen.get(name);
    if (taken !== undefined) {
      issues.add(path, `the name "${name}" of ${who} is taken by ${taken}`, fix);
      refusedAt.add(path);
    } else if (!hostName.test(name)) {
      issues.add(
        path,
        `the name "${name}" of ${who} cannot be a host name`,
        "1 to 63 letters, digits, dashes and dots, the first and last a letter or digit",
      );
      refusedAt.add(path);
    }
    if (refusedAt.size === before) seen.set(name, who);
  };
  for (const node of nodes) take(node.name, node.path, `node ${node.number}`, "give it another name");
  // Pods are named after their nodes: their names are wrong for the same reason.
  if (refusedAt.size > 0) return;
  const fix = Array.isArray(spec.pods)
    ? "give it another name"
    : 'let the pattern pods.name have "<node>" and a number in it';
  for (const node of nodes) {
    for (const pod of node.pods) take(pod.name, pod.path, `pod ${pod.number} of ${node.name}`, fix);
  }
}

function checkNumbers(nodes: readonly NodeMember[], issues: Issues): void {
  const check = (members: readonly PodMember[], what: string): void => {
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
  };
  check(nodes, "node");
  for (const node of nodes) check(node.pods, "pod");
}
