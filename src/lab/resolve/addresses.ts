import {
  addressBits,
  embedTemplate,
  makePrefix,
  overlaps,
  prefixIp,
  templateNet,
  templatePrefix,
  ValueError,
} from "../../values/index.ts";
import type { AddressTemplate, Prefix } from "../../values/index.ts";
import type { Path } from "../file/index.ts";
import type { Issues } from "./_issues.ts";
import type { Hosts } from "./hosts.ts";
import type { Lan } from "./lans.ts";
import type { NodeMember } from "./members.ts";
import type { NetworkEntry } from "./networks.ts";

const fewerPods = "fewer pods per node, or a smaller second length";
const fewerNodes = "fewer nodes, or a larger second length";

/** Makes the addresses of pods and gateways from the templates. */
export interface AddressPlan {
  /** Whether every number has its address; where not, nobody is given one. */
  readonly fits: boolean;
  readonly families: readonly (4 | 6)[];
  readonly net: (node: NodeMember) => readonly Prefix[];
  readonly pod: (node: NodeMember, number: number) => readonly Prefix[];
  /** The node's own, where it has one. */
  readonly gateway: (node: NodeMember) => readonly Prefix[];
}

/** `onLink` is what pods reach without a gateway: their node's net, or all of the template. */
export function addressPlan(entry: NetworkEntry, onLink: "net" | "template", hosts: Hosts, fits: boolean): AddressPlan {
  const templates = templatesOf(entry);
  const netOf = netsOf(entry);
  const usable = fits ? templates : [];
  const prefixOf = (template: AddressTemplate, net: number, host: number): Prefix => {
    const prefix = templatePrefix(template, net, host);
    // In one net for all nodes everybody is on-link anyway.
    const whole = onLink === "template" && entry.addresses.net === undefined;
    return whole ? makePrefix(prefixIp(prefix), template.outer) : prefix;
  };
  return {
    fits,
    families: templates.map(({ family }) => family),
    net: (node) => usable.map((template) => templateNet(template, netOf(node))),
    pod: (node, number) => usable.map((template) => prefixOf(template, netOf(node), hosts.pod(node, number))),
    gateway: (node) => {
      const host = hosts.gateway(node);
      return host === undefined ? [] : usable.map((template) => prefixOf(template, netOf(node), host));
    },
  };
}

/**
 * The addresses of a host in a network by numbers. @param own - the net is the host's own, not the network's
 * @throws {ValueError} for a number that does not fit
 */
export function hostOf(
  entry: NetworkEntry,
  onLink: "net" | "template",
  net: number,
  host: number,
  own: boolean,
): readonly Prefix[] {
  const { net: common } = entry.addresses;
  return templatesOf(entry).map((template) => {
    const prefix = templatePrefix(template, own ? net : (common ?? net), host);
    return onLink === "template" && common === undefined ? makePrefix(prefixIp(prefix), template.outer) : prefix;
  });
}

/** Whether every number fits its slot, and no pod has its gateway's or a broadcast address. */
export function checkAddresses(
  entry: NetworkEntry,
  hosts: Hosts,
  nodes: readonly NodeMember[],
  issues: Issues,
): boolean {
  let allFit = true;
  const netOf = netsOf(entry);
  const { shuffle, gatewayHost } = entry.addresses;
  const gatewayPath = [...entry.addressesPath, "gatewayHost"];
  for (const template of templatesOf(entry)) {
    const path = [...entry.addressesPath, `ipv${template.family}`];
    const room = slots(template);
    // The number is at fault where it is written, else the template, else how many there are.
    const fits = (who: string, net: number, host: number, node: NodeMember, hostPath: Path, from: Path): boolean => {
      if (net < room.nets && host < room.hosts && !isBroadcast(template, host)) return true;
      const isNet = net >= room.nets;
      const netPath = entry.addresses.net === undefined ? [...node.path, "number"] : [...entry.addressesPath, "net"];
      const numbered = isNet ? netPath : hostPath;
      const isWritten = shuffle === undefined && issues.isWritten(numbered);
      issues.addAtFirst(
        [...(isWritten ? [numbered] : []), path, isNet ? node.path : from],
        `${who}: ${overflow(template, net, host)}`,
        isWritten ? "take another number, or a template with more room" : isNet ? fewerNodes : fewerPods,
      );
      return false;
    };
    // What does not fit the IPv4 template fits the one it is embedded in neither.
    if (template.embed !== undefined && !allFit) continue;
    const ok = nodes.every((node) => {
      const gateway = hosts.gateway(node);
      return (
        (gateway === undefined ||
          fits(`the gateway of node ${node.name}`, netOf(node), gateway, node, gatewayPath, gatewayPath)) &&
        node.pods.every((pod) =>
          fits(`pod ${pod.name}`, netOf(node), hosts.pod(node, pod.number), node, [...pod.path, "number"], pod.path),
        )
      );
    });
    allFit = allFit && ok;
  }
  const clash =
    shuffle === undefined ? nodes.flatMap(({ pods }) => pods).find(({ number }) => number === gatewayHost) : undefined;
  if (clash !== undefined) {
    issues.addAtFirst(
      [gatewayPath, [...clash.path, "number"], clash.path],
      `pod ${clash.name} is host ${clash.number}, and so is the gateway`,
      clash.number === 0
        ? "give the pod another number, or the gateway one above the pods': gatewayHost: 254"
        : "take 0, or a number above the pods', like 254",
    );
  }
  return allFit;
}

/** Whether pods and nodes have addresses of their own: no pod network may be on a LAN. */
export function checkApart(
  entry: NetworkEntry,
  onLink: "net" | "template",
  nodes: readonly NodeMember[],
  lans: readonly Lan[],
  issues: Issues,
): void {
  const netOf = netsOf(entry);
  // Who has no address among the pods has no route to them that a LAN's could be taken for.
  if (entry.addresses.gatewayHost === "none" && entry.driver.kind !== "cni") return;
  for (const template of templatesOf(entry)) {
    const whole = makePrefix(template.base, template.outer);
    const onLan = lans.flatMap((lan) => lan.prefixes.map((prefix) => ({ lan, prefix })));
    for (const { lan, prefix } of onLan.filter((each) => overlaps(each.prefix, whole))) {
      const node = nodes.find((one) => onLink === "template" || overlaps(templateNet(template, netOf(one)), prefix));
      if (node === undefined) continue;
      const what =
        onLink === "template"
          ? `the pods' ${whole}`
          : `${templateNet(template, netOf(node))}, the pods of ${node.name},`;
      issues.addAtFirst(
        [lan.path, [...entry.addressesPath, `ipv${template.family}`]],
        `${prefix} of LAN ${lan.name} overlaps ${what}`.replace(/,$/, ""),
        `take a prefix outside ${whole}`,
      );
    }
  }
}

/** The net slot of a node. */
function netsOf({ addresses }: NetworkEntry): (node: NodeMember) => number {
  return ({ number }) => addresses.net ?? number;
}

/** The templates of a network's addresses, one per family. */
export function templatesOf({ addresses }: Pick<NetworkEntry, "addresses">): readonly AddressTemplate[] {
  const { ipv4, ipv6 } = addresses;
  const templates = ipv4 === undefined ? [] : [ipv4];
  if (ipv6 === undefined) return templates;
  if (!("embed" in ipv6)) return [...templates, ipv6];
  return ipv4 === undefined ? templates : [ipv4, embedTemplate(ipv6.embed, ipv4)];
}

/** How many nets and hosts per net there are. */
function slots({ family, outer, inner }: AddressTemplate): { readonly nets: number; readonly hosts: number } {
  return { nets: 2 ** (inner - outer), hosts: 2 ** (addressBits(family) - inner) };
}

function overflow(template: AddressTemplate, net: number, host: number): string {
  try {
    templatePrefix(template, net, host);
  } catch (error) {
    if (error instanceof ValueError) return error.message;
    throw error;
  }
  return `host ${host} is the broadcast address of its net: ${template.text} has hosts 0-${host - 1}`;
}

/** All ones in the host part, which IPv4 keeps for broadcasts up to /30 (RFC 3021 section 2.1). */
function isBroadcast({ family, inner }: AddressTemplate, host: number): boolean {
  const bits = addressBits(family) - inner;
  return family === 4 && bits > 1 && host === 2 ** bits - 1;
}
