import { type LocalNode, PodsError, allShuffled, askingForRoot } from "../../pods/index.ts";
import { reach } from "../../pods/reach.ts";
import { type Prefix, prefixIp } from "../../values/index.ts";

/** Every address answers within the patience of the settings. @throws {PodsError} `unreachable`, naming those that do not */
export async function ping(node: LocalNode, prefixes: readonly Prefix[]): Promise<void> {
  if (prefixes.length === 0) throw new PodsError("unreachable", "there is nothing to ping");
  const silent = await askingForRoot(() => reach(node.hostname, prefixes.map(prefixIp), node.settings));
  if (silent.length === 0) return;
  const said = silent.map(({ address, why }) => (why === undefined ? address : `${address} (${why})`));
  throw new PodsError("unreachable", `ping ${said.join(", ")}: no answer`);
}

/** The numbers of the shuffled list that nodes and pods use. */
export function pingRandom(node: LocalNode): Promise<void> {
  return ping(node, allShuffled(node));
}

/** The pods of all nodes. */
export function pingPods(node: LocalNode): Promise<void> {
  const { nodes, pods } = node.settings;
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);
  return ping(
    node,
    numbers(nodes).flatMap((net) => numbers(pods).flatMap((host) => node.addresses(net, host))),
  );
}
