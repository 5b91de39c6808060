import {
  type LocalNode,
  PodsError,
  type Some,
  createSome,
  createWithAddresses,
  defaultRoutes,
  linuxBridge,
} from "../../pods/index.ts";
import { familyOf, lastOf, prefixIp, prefixLength } from "../../values/index.ts";
import type { Terminal } from "../terminal.ts";
import { type NodeWords, change, nodeOf } from "./modern.ts";

/** What `netloom pods create` is told. */
export interface CreateWords extends NodeWords {
  readonly count?: number;
  readonly first: number | undefined;
  readonly bare: boolean;
  readonly bridge: string | undefined;
  readonly "gateway-host": number | undefined;
  readonly mtu: number | undefined;
}

export async function createPods(words: CreateWords, terminal: Terminal): Promise<void> {
  const node = withBridge(nodeOf(words), words.bridge);
  const { count, first, mtu, "gateway-host": host } = words;
  const { random } = node.settings;
  const some = {
    random,
    ...(count !== undefined && { count }),
    ...(first !== undefined && { first }),
    ...(mtu !== undefined && { mtu }),
    ...(host !== undefined && { host }),
  };
  await change(terminal, (job) => {
    if (words.bare) return createSome(job, node, some);
    if (!random) refuseBroadcast(node, some);
    createWithAddresses(job, node, some);
    if (words.bridge === undefined) return;
    linuxBridge(job, node, some);
    defaultRoutes(job, node, { ...some, bridge: words.bridge });
  });
}

function withBridge(node: LocalNode, bridge: string | undefined): LocalNode {
  return bridge === undefined ? node : node.with({ bridge });
}

/**
 * The highest host of an IPv4 net is its broadcast address, but for nets of two. `netns_test` gives it to pods as xcluster does.
 * @throws {PodsError} `usage`
 */
function refuseBroadcast(node: LocalNode, some: Some): void {
  const own = node.addresses(node.net, 0).find((prefix) => familyOf(prefix) === 4);
  if (own === undefined || prefixLength(own) > 30) return;
  const highest = 2 ** (32 - prefixLength(own)) - 1;
  const pod = node.pods(some).find(({ number }) => number === highest);
  if (pod === undefined) return;
  throw new PodsError(
    "usage",
    `pod ${pod.name} would have ${lastOf(own)}, the broadcast address of ${prefixIp(own)}/${prefixLength(own)}: no host can have it`,
    "make fewer pods, or take a template with more host bits: --template 172.16.0.0/12/20",
  );
}
