import { type IfName, tryIfName } from "../../values/index.ts";
import type { Order } from "../order.ts";
import type { Place } from "./_scene.ts";

/** Sets the kernel parameters that differ; those of a link that is being made wait for it. */
export function setSysctls({ wish, links, present }: Place, order: Order): void {
  for (const [key, value] of Object.entries(wish.sysctls ?? {})) {
    const dev = deviceOf(key);
    const waits = dev !== undefined && links.has(dev) && !present.links.has(dev);
    const found = waits ? undefined : present.sysctls[key];
    if (found !== undefined && words(found) === words(value)) continue;
    const op = { do: "sysctl.set", netns: wish.name, key, value, ...(found !== undefined && { was: found }) } as const;
    if (waits) order.inGroup("sysctls", op);
    else order.wide("sysctls", op);
  }
}

/** The device in `net.ipv4.conf.eth0.rp_filter` or `net/ipv4/conf/eth0.100/rp_filter`. */
function deviceOf(key: string): IfName | undefined {
  const slashed = /^net\/ipv[46]\/(?:conf|neigh)\/([^/]+)\//.exec(key)?.[1];
  const name = slashed ?? /^net\.ipv[46]\.(?:conf|neigh)\.(.+)\.[^.]+$/.exec(key)?.[1];
  return name === undefined ? undefined : tryIfName(name);
}

/** The kernel puts tabs between the numbers of a list. */
function words(value: string): string {
  return value.trim().split(/\s+/).join(" ");
}
