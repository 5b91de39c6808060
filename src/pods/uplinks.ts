/** What is done with the node's own devices, in its own names and numbers. */
import { familyOf, parseIfName, prefixIp } from "../values/index.ts";
import { EXTERNAL_HOST, netsOf } from "../xcluster/index.ts";
import { attachDevice } from "./attach.ts";
import { connectToBridge, makeBridge } from "./bridge.ts";
import { type Sharing, addChildren } from "./children.ts";
import { makeExternal } from "./external.ts";
import { type Job, NODE } from "./job.ts";
import { portOps, requireLink, upOps } from "./link.ts";
import type { LocalNode, Some } from "./local-node.ts";
import { setupOverlay } from "./overlay.ts";
import type { OverlayType } from "./overlay-name.ts";
import { type Sized, createWithAddresses, ifnameOf, namesOf, requireMtu } from "./steps.ts";
import { hasIpv6, quiet, sysctlOps } from "./sysctls.ts";
import { type Underlay, underlayOf } from "./underlay.ts";

/** Reaches the pods of every other node through an overlay: only the nodes' IPv6 addresses are seen between them. */
export function overlay(
  job: Job,
  node: LocalNode,
  {
    type,
    device = `eth${node.settings.net}`,
    underlay,
  }: { readonly type: OverlayType; readonly device?: string; readonly underlay?: Underlay },
): void {
  const { templates } = node.settings;
  const addressOf = underlayOf(job, node, { type, device, ...(underlay !== undefined && { underlay }) });
  const seen = (number: number) => ({
    number,
    underlay: addressOf(number),
    nets: node.wanted(netsOf(templates, number)),
  });
  const source = node.gateway(0).find((one) => familyOf(one) === 4);
  setupOverlay(
    job,
    {
      type,
      device,
      own: seen(node.number),
      peers: node.others.map(seen),
      ...(source !== undefined && { source: prefixIp(source) }),
    },
    namesOf(node.pods()),
  );
}

export function childrenOf(
  job: Job,
  node: LocalNode,
  master: string,
  { sharing, mtu, ...some }: Some & Sized & { readonly sharing: Sharing },
): void {
  const pods = node.pods(some);
  void node.number;
  requireMtu(node, mtu);
  addChildren(job, master, namesOf(pods), sharing, { ifname: ifnameOf(pods), ...(mtu !== undefined && { mtu }) });
}

/** The node's interface in the bridge, and its addresses on the bridge. */
export function attachNode(job: Job, node: LocalNode, device: string | undefined): void {
  const { net, bridge } = node.settings;
  attachDevice(job, device ?? `eth${net}`, bridge, node.between(node.number, net));
}

/** A bridge without addresses, with pods of its own and one device of the node. */
export function isolatedBridge(
  job: Job,
  node: LocalNode,
  bridge: string,
  device: string,
  options: Sized & { readonly random: boolean },
): void {
  const own = node.with({ namePrefix: `${bridge}-` });
  const name = parseIfName(bridge);
  const port = requireLink(job, device, `connect ${device} to ${bridge}`);
  createWithAddresses(job, own, options);
  makeBridge(job, name, { sysctls: quiet(name) });
  connectToBridge(job, name, namesOf(own.pods()));
  const sysctls = hasIpv6(job.kernel, NODE) ? sysctlOps(job.kernel, NODE, quiet(port.name)) : [];
  const ops = portOps(port, name, { up: true });
  job.run([...sysctls, ...(ops.length === 0 ? upOps(port) : ops)]);
}

/** Devices of the node in namespaces of their own, `<hostname>-<device>`: host 100 of net 0, outside of the cluster. */
export function externals(job: Job, node: LocalNode, devices: readonly string[]): void {
  for (const device of devices) {
    makeExternal(job, `${node.hostname}-${device}`, device, node.addresses(0, EXTERNAL_HOST));
  }
}
