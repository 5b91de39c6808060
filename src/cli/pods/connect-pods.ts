import { attachNode, defaultRoutes, linuxBridge } from "../../pods/index.ts";
import type { Terminal } from "../terminal.ts";
import { type NodeWords, change, nodeOf } from "./modern.ts";

/** What `netloom pods connect` is told. */
export interface ConnectWords extends NodeWords {
  readonly count?: number;
  readonly first: number | undefined;
  readonly bridge: string | undefined;
  readonly device: string | undefined;
  readonly "gateway-host": number | undefined;
  readonly mtu: number | undefined;
}

export async function connectPods(words: ConnectWords, terminal: Terminal): Promise<void> {
  const plain = nodeOf(words);
  const node = words.bridge === undefined ? plain : plain.with({ bridge: words.bridge });
  const { count, first, mtu, device, "gateway-host": host } = words;
  const some = {
    random: node.settings.random,
    ...(count !== undefined && { count }),
    ...(first !== undefined && { first }),
    ...(mtu !== undefined && { mtu }),
    ...(host !== undefined && { host }),
  };
  await change(terminal, (job) => {
    linuxBridge(job, node, some);
    defaultRoutes(job, node, { ...some, bridge: node.settings.bridge });
    if (device !== undefined) attachNode(job, node, device);
  });
}
