import type { Op } from "../change/index.ts";
import type { IfName, Prefix } from "../values/index.ts";
import { planAddresses } from "./addresses.ts";
import { PodsError } from "./error.ts";
import { type Job, NODE } from "./job.ts";
import { portOps, requireLink, upOps } from "./link.ts";
import { OWNER, isOurs } from "./owner.ts";
import { type Sysctls, freshSysctlOps, hasIpv6, sysctlOps, undetected } from "./sysctls.ts";

export interface BridgeOptions {
  /** Settings of the bridge itself; addresses are not detected by default. */
  readonly sysctls?: Sysctls;
  /** Bytes; that of its ports if absent. */
  readonly mtu?: number;
}

/**
 * A bridge on this node that is up. @throws {PodsError} `conflict` where the name is another device's, or a bridge's that is not ours
 */
export function makeBridge(job: Job, name: IfName, { sysctls = undetected(name), mtu }: BridgeOptions = {}): void {
  const link = job.kernel.link(NODE, name);
  const ipv6 = hasIpv6(job.kernel, NODE, mtu);
  if (link === undefined) {
    job.run([
      {
        do: "link.add",
        netns: NODE,
        link: { name, kind: "bridge", alias: OWNER, ...(mtu !== undefined && { mtu }) },
      },
      ...(ipv6 ? freshSysctlOps(NODE, sysctls) : []),
      ...upOps({ name, up: false }),
    ]);
    return;
  }
  if (link.kind !== "bridge" || !isOurs(link.alias)) {
    const what = link.kind === "bridge" ? "a bridge that netloom did not make" : `a ${link.kind ?? "device"}`;
    const use = link.kind === "bridge" ? ", or use that bridge by assign_bridge_address and connect_to_bridge" : "";
    throw new PodsError(
      "conflict",
      `cannot make bridge ${name}: this node has ${what} of that name`,
      `choose another name (BR)${use}`,
    );
  }
  const size: Op[] =
    mtu === undefined || mtu === link.mtu
      ? []
      : [{ do: "link.set", netns: NODE, name, set: { mtu }, was: { mtu: link.mtu } }];
  job.run([...size, ...(ipv6 ? sysctlOps(job.kernel, NODE, sysctls) : []), ...upOps(link)]);
}

/** Gives a device of this node addresses, without detection, and brings it up. @throws {PodsError} `missing`, `conflict` */
export function assignBridgeAddress(job: Job, name: string, prefixes: readonly Prefix[]): void {
  const link = requireLink(job, name, `give ${prefixes.join(" and ")} to ${name}`);
  const sysctls = hasIpv6(job.kernel, NODE) ? sysctlOps(job.kernel, NODE, undetected(link.name)) : [];
  job.run([...sysctls, ...upOps(link), ...planAddresses(NODE, link, prefixes)]);
}

/** The node's ends of pods are ports of a bridge. @throws {PodsError} `missing`, `conflict` */
export function connectToBridge(job: Job, bridge: string, pods: readonly IfName[]): void {
  const { kind, name } = requireLink(job, bridge, `connect pods to ${bridge}`);
  if (kind !== "bridge") {
    throw new PodsError("conflict", `cannot connect pods to ${name}: it is no bridge but a ${kind ?? "device"}`);
  }
  const ops = pods.flatMap((pod) => {
    const link = job.kernel.link(NODE, pod, { addrs: false });
    if (link !== undefined) return portOps(link, name);
    throw new PodsError(
      "missing",
      `cannot connect pod ${pod} to ${name}: this node has no link ${pod}`,
      "join the pod to the node first: netns_test veth, or netloom pods create",
    );
  });
  job.run(ops);
}
