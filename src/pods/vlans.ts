import type { Op } from "../change/index.ts";
import { type IfName, type VlanId, parseIfName, parseVlanId } from "../values/index.ts";
import { PodsError } from "./error.ts";
import { type Job, NODE } from "./job.ts";
import { requireLink, upOps } from "./link.ts";
import { OWNER } from "./owner.ts";

/** A VLAN on a device of the node, `eth2.100`. */
export interface VlanName {
  readonly name: IfName;
  readonly master: string;
  readonly id: VlanId;
}

/** Reads `MASTER.ID`; the master's name may have dots itself. @throws {PodsError} `usage`; {@link ValueError} */
export function parseVlanName(text: string): VlanName {
  const dot = text.lastIndexOf(".");
  const digits = text.slice(dot + 1);
  if (dot <= 0 || !/^[0-9]+$/.test(digits)) {
    throw new PodsError("usage", `${JSON.stringify(text)} names no VLAN`, "write MASTER.ID, like eth2.100");
  }
  return { name: parseIfName(text), master: text.slice(0, dot), id: parseVlanId(Number(digits)) };
}

/**
 * Makes 802.1Q links, both ends up. @throws {PodsError} `missing`, `conflict`; {@link OpError} `unsupported` without 8021q
 */
export function createVlans(job: Job, vlans: readonly VlanName[], mtu?: number): void {
  const raised = new Set<string>();
  const ops = vlans.flatMap(({ name, master, id }): Op[] => {
    const lower = requireLink(job, master, `make VLAN ${name}`);
    const up = raised.has(master) ? [] : upOps(lower);
    raised.add(master);
    const link = job.kernel.link(NODE, name, { addrs: false });
    if (link === undefined) {
      const size = mtu === undefined ? {} : { mtu };
      const spec = { name, kind: "vlan", lower: lower.name, data: { id }, alias: OWNER, up: true, ...size } as const;
      return [...up, { do: "link.add", netns: NODE, link: spec }];
    }
    const there = (link.data as { readonly id?: number } | undefined)?.id;
    if (link.kind === "vlan" && there === id && link.lower === lower.name) return [...up, ...upOps(link)];
    const what = link.kind === "vlan" ? `VLAN ${there} on ${link.lower}` : `a ${link.kind ?? "device"}`;
    throw new PodsError("conflict", `${name} shall be VLAN ${id} on ${master}, and is ${what}`, "delete it first");
  });
  job.run(ops);
}
