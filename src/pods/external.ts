import type { NetnsName, Op } from "../change/index.ts";
import { type Prefix, parseIfName } from "../values/index.ts";
import { planAddresses } from "./addresses.ts";
import { create } from "./create.ts";
import { PodsError } from "./error.ts";
import { type Job, NODE } from "./job.ts";
import { requireLink } from "./link.ts";

/**
 * Puts a device of this node into a namespace of its own, with addresses: what is outside, for pods behind that device.
 * @throws {PodsError} `missing`, `conflict`
 */
export function makeExternal(job: Job, netns: NetnsName, device: string, prefixes: readonly Prefix[]): void {
  create(job, [netns]);
  const dev = parseIfName(device);
  const inside = job.kernel.link(netns, dev);
  if (inside === undefined) {
    const link = requireLink(job, device, `move ${device} into ${netns}`);
    job.run([
      { do: "link.move", netns: NODE, name: link.name, to: { netns, name: link.name }, was: { up: link.up } },
      { do: "link.set", netns, name: link.name, set: { up: true }, was: { up: false } },
      ...prefixes.map((prefix): Op => ({ do: "addr.add", netns, dev, addr: { prefix } })),
    ]);
    return;
  }
  if (job.kernel.link(NODE, dev, { addrs: false }) !== undefined) {
    throw new PodsError(
      "conflict",
      `cannot move ${device} into ${netns}: it has a device of that name, and so has the node`,
      "rename one of them",
    );
  }
  const up: Op[] = inside.up ? [] : [{ do: "link.set", netns, name: dev, set: { up: true }, was: { up: false } }];
  job.run([...up, ...planAddresses(netns, inside, prefixes)]);
}
