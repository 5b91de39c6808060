import type { Attachment } from "../../cni/index.ts";
import type { CacheEntry } from "../../cni/runtime/index.ts";
import { UsageError } from "../usage.ts";
import { isAlive } from "./live.ts";

/** How a person says what is valid. */
export interface ValidChoice {
  readonly keep: readonly string[];
  readonly all: boolean;
}

/**
 * What GC is to keep: what was named, nothing, or the attachments whose namespace is there. One that nobody can look at counts as
 * there. @throws {UsageError}
 */
export function validOf(entries: readonly CacheEntry[], { keep, all }: ValidChoice): readonly Attachment[] {
  if (all && keep.length > 0) throw new UsageError("--all keeps nothing, and --keep something", "give one of them");
  if (all) return [];
  if (keep.length === 0) return entries.filter(({ netns }) => isAlive(netns) !== false).map(attachmentOf);
  return keep.flatMap((word): readonly Attachment[] => {
    const [containerID = "", ifname] = word.split("/");
    if (ifname !== undefined) return [{ containerID, ifname }];
    const known = entries.filter(({ containerId }) => containerId === containerID).map(attachmentOf);
    return known.length > 0 ? known : [{ containerID, ifname: "eth0" }];
  });
}

const attachmentOf = ({ containerId, ifname }: CacheEntry): Attachment => ({ containerID: containerId, ifname });
