import type { LinkFact, LinkState, Op } from "../change/index.ts";
import type { IfName } from "../values/index.ts";
import { PodsError } from "./error.ts";
import { type Job, NODE } from "./job.ts";

/** A link of this node. @throws {PodsError} `missing` */
export function requireLink(job: Job, name: string, what: string): LinkFact {
  const link = job.kernel.link(NODE, name);
  if (link !== undefined) return link;
  throw new PodsError("missing", `cannot ${what}: this node has no link ${name}`, "'ip link' lists those that it has");
}

/** What makes a link of this node come up, if it is down. */
export function upOps({ name, up }: Pick<LinkFact, "name" | "up">): Op[] {
  return up ? [] : [{ do: "link.set", netns: NODE, name, set: { up: true }, was: { up: false } }];
}

/**
 * What makes a link of this node a port of a bridge.
 * @throws {PodsError} `conflict` where it is another's port, or can be none
 */
export function portOps(link: LinkFact, bridge: IfName, set: LinkState = {}): Op[] {
  const what = link.name === "lo" ? "the loopback device" : link.kind === "bridge" ? "a bridge itself" : undefined;
  if (what !== undefined) {
    throw new PodsError(
      "conflict",
      `${link.name} cannot be a port of ${bridge}: it is ${what}`,
      "name the interface that leads to the other nodes, like eth1; 'ip link' lists those that there are",
    );
  }
  if (link.master !== undefined && link.master !== bridge) {
    throw new PodsError(
      "conflict",
      `${link.name} is a port of ${link.master} and shall be one of ${bridge}`,
      `take it out first: ip link set ${link.name} nomaster`,
    );
  }
  if (link.master === bridge) return set.up === true ? upOps(link) : [];
  const was: LinkState = { master: null, ...(set.up === true && { up: link.up }) };
  return [{ do: "link.set", netns: NODE, name: link.name, set: { ...set, master: bridge }, was }];
}
