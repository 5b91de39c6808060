import type { LinkFact, NetnsName, Op } from "../change/index.ts";
import { type IfName, type Prefix, prefixIp } from "../values/index.ts";
import { PodsError } from "./error.ts";
import { type Job, asTyped } from "./job.ts";
import { requirePods } from "./pins.ts";

/** Addresses that a link shall have, besides those it has. @throws {PodsError} `conflict` for one that it has with another length */
export function planAddresses(netns: NetnsName, link: LinkFact, prefixes: readonly Prefix[]): readonly Op[] {
  return prefixes.flatMap((prefix): Op[] => {
    const there = link.addrs.find((addr) => prefixIp(addr.prefix) === prefixIp(prefix));
    if (there === undefined) return [{ do: "addr.add", netns, dev: link.name, addr: { prefix } }];
    if (there.prefix === prefix) return [];
    throw new PodsError(
      "conflict",
      `${link.name} in ${netns} has the address ${there.prefix} and shall have ${prefix}`,
      asTyped(`take the old one away first: ip -n ${netns} address delete ${there.prefix} dev ${link.name}`),
    );
  });
}

/** What addresses a pod's interface gets. */
export interface Assignment {
  readonly pod: IfName;
  readonly ifname: IfName;
  readonly prefixes: readonly Prefix[];
}

/** Gives pods their addresses. @throws {PodsError} `missing`, `conflict`; {@link OpError} */
export function assignAddresses(job: Job, assignments: readonly Assignment[]): void {
  requirePods(
    job.kernel,
    assignments.map(({ pod }) => pod),
  );
  const ops = assignments.flatMap(({ pod, ifname, prefixes }) => {
    const link = job.kernel.link(pod, ifname);
    if (link !== undefined) return planAddresses(pod, link, prefixes);
    throw new PodsError(
      "missing",
      `pod ${pod} has no interface ${ifname} to give ${prefixes.join(" and ")} to`,
      "make it first (veth, add_ipvlan), or say what it is called (PODIF)",
    );
  });
  job.run(ops);
}
