import type { Op } from "../change/index.ts";
import { type Kernel, OpError } from "../kernel/index.ts";
import { undoOps } from "./apply.ts";
import { qdiscOf } from "./driver/index.ts";
import { type LabFile, type LabInput, labOf } from "./file/index.ts";
import { resolve } from "./resolve/index.ts";
import { deviceMtu, leastMtus } from "./topology.ts";

/** As in a lab file's `links`, e.g. `{ rate: "10mbit", delay: "20ms" }`. Empty means none. */
export type Impairment = Omit<NonNullable<LabInput["links"]>[number], "on">;

/**
 * Impairs interfaces of a lab that is up, in place of what its file says, until the next `up`.
 * @param target as `on` in a lab file: `vm-001`, `vm-001-ns01`, `vm-*:eth1`
 * @throws {LabFileError} for a target or quantity that makes no sense; {OpError} `unsupported` where the kernel lacks netem: nothing is changed then
 */
export function impair(kernel: Kernel, file: LabFile, target: string, impairment: Impairment): void {
  const { direction, ...what } = impairment;
  const none = Object.keys(what).length === 0;
  const link = { on: target, ...(none ? { rate: "1gbit" } : what), ...(direction === undefined ? {} : { direction }) };
  const topology = resolve(labOf({ ...file.input, links: [link] }));
  const names = [...new Set(topology.impairments.map(({ netns }) => netns))];
  const facts = kernel.facts({ namespaces: names });
  const ops = topology.impairments.flatMap(({ netns, dev, ...spec }): Op[] => {
    const there = facts.get(netns)?.links.find(({ name }) => name === dev)?.qdisc;
    const was = there === undefined || there.kind === "other" ? {} : { was: there };
    if (!none) {
      const qdisc = qdiscOf({ netns, dev, ...spec }, deviceMtu(leastMtus(topology.networks)));
      return [{ do: "qdisc.put", netns, dev, qdisc, ...was }];
    }
    return there === undefined ? [] : [{ do: "qdisc.delete", netns, dev, ...was }];
  });
  try {
    kernel.run(ops);
  } catch (error) {
    if (error instanceof OpError)
      undoOps(
        kernel,
        error.done.toSorted((a, b) => a - b).map((at) => ops[at] as Op),
      );
    throw error;
  }
}
