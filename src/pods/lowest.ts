import { NetlinkSocket } from "../netlink/index.ts";
import { lookupRoute, setLink } from "../rtnl/index.ts";
import { CLONE, enterNew, excursion, readSmall } from "../sys/index.ts";
import { familyOf, parseIp, prefixIp } from "../values/index.ts";
import { PodsError } from "./error.ts";
import type { LocalNode } from "./local-node.ts";

/** Linux takes the lowest address of an IPv4 network as a host's since 5.14, and some older ones do that have later code. */
const SINCE = [5, 14] as const;

/** What the kernel does with the lowest address of loopback's own network, in a namespace that ends at once. */
function isHost(): boolean {
  return excursion(() => {
    enterNew(CLONE.NEWNET);
    using socket = new NetlinkSocket();
    socket.run(setLink({ name: "lo" }, { up: true }));
    return socket.ask(lookupRoute({ dst: parseIp("127.0.0.0") }))?.type === "local";
  });
}

/** @throws {PodsError} `failed` where the kernel cannot use the lowest address of a network for a host */
export function requireLowest(
  node: LocalNode,
  release = readSmall("/proc/sys/kernel/osrelease") ?? "",
  probe: () => boolean = isHost,
): void {
  const [major = SINCE[0], minor = SINCE[1]] = release.split(".").map(Number);
  if (major > SINCE[0] || (major === SINCE[0] && minor >= SINCE[1])) return;
  const lowest = node.addresses(node.net, 0).find((prefix) => familyOf(prefix) === 4);
  if (lowest === undefined || probe()) return;
  throw new PodsError(
    "failed",
    `${prefixIp(lowest)} cannot be a gateway: Linux ${release} takes the lowest address of a network for a broadcast address`,
    "use another host of the network: --gateway-host=254, here and for set_default_route; or Linux 5.14 or newer",
  );
}
