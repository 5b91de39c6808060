import { UsageError } from "../usage.ts";

/** The network of `NET [NETNS]`. @throws {UsageError} */
export function onlyNetwork(words: readonly string[], verb: string): string {
  const [network] = words;
  if (network !== undefined && words.length <= 2) return network;
  throw new UsageError("name one network", `netloom cni ${verb} NET, such as: netloom cni ${verb} mynet`);
}
