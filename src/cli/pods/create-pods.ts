import { type LocalNode, createSome, createWithAddresses, defaultRoutes, linuxBridge } from "../../pods/index.ts";
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
    createWithAddresses(job, node, some);
    if (words.bridge === undefined) return;
    linuxBridge(job, node, some);
    defaultRoutes(job, node, { ...some, bridge: words.bridge });
  });
}

function withBridge(node: LocalNode, bridge: string | undefined): LocalNode {
  return bridge === undefined ? node : node.with({ bridge });
}
