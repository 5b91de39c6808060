import type { Op } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";
import { qdiscOf } from "./driver/index.ts";
import { type LabFile, type LabInput, labOf } from "./file/index.ts";
import { resolve } from "./resolve/index.ts";
import { deviceMtu } from "./topology.ts";

/** As in a lab file's `links`, e.g. `{ rate: "10mbit", delay: "20ms" }`. Empty means none. */
export type Impairment = Omit<NonNullable<LabInput["links"]>[number], "on">;

/**
 * Impairs interfaces of a lab that is up, in place of what its file says, until the next `up`.
 * @param target as `on` in a lab file: `vm-001`, `vm-001-ns01`, `vm-*:eth1`
 * @throws {LabFileError} for a target or quantity that makes no sense; {OpError} `unsupported` where the kernel lacks netem
 */
export function impair(kernel: Kernel, file: LabFile, target: string, impairment: Impairment): void {
  const { direction, ...what } = impairment;
  const none = Object.keys(what).length === 0;
  const link = { on: target, ...(none ? { rate: "1gbit" } : what), ...(direction === undefined ? {} : { direction }) };
  const topology = resolve(labOf({ ...file.input, links: [link] }));
  const names = [...new Set(topology.impairments.map(({ netns }) => netns))];
  const facts = kernel.facts({ namespaces: names });
  const ops = topology.impairments.flatMap(({ netns, dev, ...spec }): Op[] => {
    const was = facts.get(netns)?.links.find(({ name }) => name === dev)?.qdisc;
    if (!none)
      return [{ do: "qdisc.put", netns, dev, qdisc: qdiscOf({ netns, dev, ...spec }, deviceMtu(topology.mtu)) }];
    return was === undefined ? [] : [{ do: "qdisc.delete", netns, dev }];
  });
  kernel.run(ops);
}
