import type { Attachment } from "../../cni/index.ts";
import { type CacheEntry, netnsOf } from "../../cni/runtime/index.ts";
import { UsageError } from "../usage.ts";
import { isAlive } from "./live.ts";

/** How a person says what is valid. */
export interface ValidChoice {
  readonly keep: readonly string[];
  readonly all: boolean;
}

/**
 * What GC of a network is to keep: what was named, nothing, or the attachments whose namespace is there. One that nobody can look
 * at counts as there.
 * @param entries - the network's attachments
 * @throws {UsageError}
 */
export function validOf(
  network: string,
  entries: readonly CacheEntry[],
  { keep, all }: ValidChoice,
): readonly Attachment[] {
  if (all && keep.length > 0) throw new UsageError("--all keeps nothing, and --keep something", "give one of them");
  if (all) return [];
  if (keep.length === 0) return entries.filter((one) => isAlive(netnsOf(one)) !== false).map(attachmentOf);
  return keep.flatMap((word): readonly Attachment[] => {
    const { containerID, ifname } = namedBy(network, word);
    if (ifname !== undefined) return [{ containerID, ifname }];
    const known = entries.filter(({ containerId }) => containerId === containerID).map(attachmentOf);
    return known.length > 0 ? known : [{ containerID, ifname: "eth0" }];
  });
}

/** Those of the words that name nothing that is remembered: they may be mistyped. @throws {UsageError} */
export function strangersOf(
  network: string,
  entries: readonly CacheEntry[],
  keep: readonly string[],
): readonly string[] {
  return keep.filter((word) => {
    const { containerID, ifname } = namedBy(network, word);
    return !entries.some((one) => one.containerId === containerID && (ifname === undefined || one.ifname === ifname));
  });
}

/** Reads `ID`, `ID/IFNAME` or `NETWORK/ID/IFNAME`, as 'cni ls -o name' prints it. @throws {UsageError} */
function namedBy(network: string, word: string): { readonly containerID: string; readonly ifname?: string } {
  const parts = word.split("/");
  const [containerID = "", ifname, ...more] = parts.length === 3 && parts[0] === network ? parts.slice(1) : parts;
  if (containerID !== "" && ifname !== "" && more.length === 0) {
    return { containerID, ...(ifname !== undefined && { ifname }) };
  }
  throw new UsageError(
    `--keep ${word} names no attachment of network ${network}`,
    "write ID, ID/IFNAME, or a line of 'netloom cni ls -o name'",
  );
}

const attachmentOf = ({ containerId, ifname }: CacheEntry): Attachment => ({ containerID: containerId, ifname });
