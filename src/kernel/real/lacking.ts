import type { LinkSpec } from "../../change/index.ts";
import { NetlinkSocket } from "../../netlink/index.ts";
import { type LinkAdd, addLink } from "../../rtnl/index.ts";
import { CLONE, enterNew, excursion } from "../../sys/index.ts";
import { parseIfName } from "../../values/index.ts";
import type { Lacking } from "../port.ts";
import { whyUnsupported } from "./refusal.ts";

const name = parseIfName("trial0");

/**
 * Asks the kernel for a link of each kind in a namespace of our own, which is gone afterwards. That nothing is said of what it
 * shall stand on is a refusal too, but one of a kernel that knows the kind.
 */
export function lackingKinds(kinds: readonly LinkSpec["kind"][]): readonly Lacking[] {
  if (kinds.length === 0) return [];
  return excursion(() => {
    enterNew(CLONE.NEWNET);
    using socket = new NetlinkSocket();
    return kinds.flatMap((kind): readonly Lacking[] => {
      const [refusal] = socket.batch([addLink({ kind, name } as LinkAdd)]);
      const why = refusal && whyUnsupported({ kind, name } as LinkSpec, refusal);
      return why === undefined ? [] : [{ kind, why }];
    });
  });
}
