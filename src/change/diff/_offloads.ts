import type { Order } from "../order.ts";
import type { Place } from "./_scene.ts";

/** Leaves checksums to the devices, or does not, where that is wished and otherwise now. */
export function setOffloads({ wish, present }: Place, order: Order): void {
  for (const { spec, txChecksum } of wish.links) {
    const was = present.links.get(spec.name)?.fact.txChecksum;
    if (txChecksum === undefined || was === txChecksum) continue;
    order.inGroup("offloads", {
      do: "offload.set",
      netns: wish.name,
      dev: spec.name,
      txChecksum,
      ...(was !== undefined && { was }),
    });
  }
}
