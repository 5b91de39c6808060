import type { LinkFact, PortVlanSpec } from "../../change/index.ts";
import { type Call, HOST, type Result, type Work } from "../../cni/index.ts";
import { type Mac, makePrefix, parseMac, prefixLength } from "../../values/index.ts";
import {
  answered,
  forwardingDifferences,
  hostNames,
  linkDifferences,
  pairDifferences,
  podDifferences,
  podFacts,
  report,
} from "../_check.ts";
import { masqueradeDifferences } from "../_masq-later.ts";
import { hostNameOf } from "../_names.ts";
import { missingRules } from "../_stale-rules.ts";
import { gatewayDevice } from "./plan.ts";
import type { BridgeConf } from "./schema.ts";

/** Compares all that ADD did. @throws {CniError} 105 */
export async function checkBridge(conf: BridgeConf, call: Call, work: Work): Promise<void> {
  const prev = answered(call);
  if (conf.ipam !== undefined) await work.delegate(conf.ipam, "CHECK");
  const found = work.kernel.link(HOST, conf.bridge);
  const names = hostNames(prev).filter((name) => name !== conf.bridge);
  const pair = pairDifferences(call, work, prev, [...names, hostNameOf(call)]);
  const ips = prev.ips ?? [];
  report([
    ...bridgeDifferences(conf, found, prev),
    ...podDifferences(call, prev, podFacts(work), { kind: "veth", up: !conf.disabled }),
    ...pair.differences,
    ...(pair.host === undefined ? [] : portDifferences(conf, pair.host)),
    ...(pair.host === undefined ? [] : vlanDifferences(conf, pair.host.name, work.kernel)),
    ...(conf.isGateway ? gatewayDifferences(conf, work, prev) : []),
    ...(conf.macSpoofCheck && pair.host !== undefined ? await spoofDifferences(call, work, prev, pair.host) : []),
    ...(conf.masq === undefined || ips.length === 0
      ? []
      : await masqueradeDifferences(
          conf.masq,
          call,
          work,
          ips.map(({ address }) => address),
        )),
  ]);
}

export function bridgeDifferences(
  { bridge, promisc }: BridgeConf,
  found: LinkFact | undefined,
  prev: Result,
): readonly string[] {
  if (found === undefined) return [`the host has no bridge ${bridge}`];
  const told = prev.interfaces?.find(({ name, sandbox }) => name === bridge && sandbox === undefined);
  return [
    ...linkDifferences(found, told, { kind: "bridge", up: true }),
    ...(promisc && found.promisc !== true ? [`${bridge} is not promiscuous`] : []),
  ];
}

/** The port is as ADD wanted it. What it is besides may be somebody's wish: firewall isolates ports, and kubelet lets hairpins through. */
export function portDifferences(
  { bridge, hairpin, isolated }: BridgeConf,
  { name, master, port, carrier }: LinkFact,
): readonly string[] {
  if (master !== bridge) return [`${name} is not a port of ${bridge} but of ${master ?? "none"}`];
  // Listening and learning end by themselves, where the bridge looks for loops.
  const isShut = carrier && (port?.state === "disabled" || port?.state === "blocking");
  return [
    ...(isShut ? [`the port ${name} of ${bridge} lets nothing through: its state is ${port.state}`] : []),
    ...(hairpin && port?.hairpin !== true ? [`the port ${name} is not in hairpin mode`] : []),
    ...(isolated && port?.isolated !== true ? [`the port ${name} is not isolated`] : []),
  ];
}

/** The port lets through what ADD said. What else it lets through may be somebody's wish. */
export function vlanDifferences(
  { vlan, trunk }: BridgeConf,
  port: string,
  kernel: Pick<Work["kernel"], "portVlans">,
): readonly string[] {
  if (vlan === undefined && trunk === undefined) return [];
  const has = new Map(kernel.portVlans(HOST, port).map((one) => [one.vid, one]));
  const native = vlan ?? (trunk?.length ? 1 : undefined);
  const lacks = (trunk ?? []).filter(({ vid, last = vid }) => {
    for (let one = vid; one <= last; one++) if (!has.has(one)) return true;
    return false;
  });
  const own = native === undefined ? undefined : has.get(native);
  return [
    ...(native === undefined || (own?.pvid && own.untagged)
      ? []
      : [`untagged frames of ${port} are not of VLAN ${native}`]),
    ...lacks.map((one) => `the port ${port} does not let VLAN ${printVlan(one)} through`),
  ];
}

function printVlan({ vid, last }: PortVlanSpec): string {
  return last === undefined ? String(vid) : `${vid}-${last}`;
}

/** The gateways' addresses are where they were put, and the host forwards. */
function gatewayDifferences(conf: BridgeConf, work: Work, prev: Result): readonly string[] {
  const name = gatewayDevice(conf);
  const device = work.kernel.link(HOST, name);
  if (device === undefined) return [`the host has no interface ${name} for the gateway`];
  const missing = (prev.ips ?? []).flatMap(({ address, gateway }) => {
    if (gateway === undefined) return [];
    const wanted = makePrefix(gateway, prefixLength(address));
    return device.addrs.some(({ prefix }) => prefix === wanted)
      ? []
      : [`${name} has not the gateway's address ${wanted}`];
  });
  return [...missing, ...forwardingDifferences(work, prev)];
}

async function spoofDifferences(call: Call, work: Work, prev: Result, host: LinkFact): Promise<readonly string[]> {
  const mac = prev.interfaces?.find(({ name, sandbox }) => name === call.ifname && sandbox !== undefined)?.mac;
  if (mac === undefined) return [];
  const { spoofCheckPut } = await import("../_spoof-check.ts");
  return missingRules(work, spoofCheckPut(HOST, call, host.name, parseMac(mac) satisfies Mac));
}
