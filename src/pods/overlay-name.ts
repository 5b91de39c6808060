import { type Job, NODE } from "./job.ts";
import { isOurs } from "./owner.ts";

/** How packets for other nodes' pods are wrapped: only the nodes' own addresses are then seen between them. */
export const overlayTypes = ["ip6tnl", "vxlan", "vxlan-classic"] as const;
export type OverlayType = (typeof overlayTypes)[number];

/** The overlay's device on each node. */
export const overlayNames = { ip6tnl: "ip6tnl6", vxlan: "vxlan6", "vxlan-classic": "vxlan6" } as const;

/** The device that leads to one other node, where a route cannot say on which link it is. */
export const tunnelName = (node: number): string => `tl-${node}`;

/** The MTU of an overlay that is set up on this node, bytes. @param others - numbers of the other nodes */
export function overlayMtu(job: Job, others: readonly number[]): number | undefined {
  const found = [...new Set([...Object.values(overlayNames), ...others.map(tunnelName)])].flatMap((name) => {
    const link = job.kernel.hasLink(NODE, name) ? job.kernel.link(NODE, name, { addrs: false }) : undefined;
    return link !== undefined && isOurs(link.alias) ? [link.mtu] : [];
  });
  return found.length === 0 ? undefined : Math.min(...found);
}
