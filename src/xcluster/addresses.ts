import {
  type AddressTemplate,
  type Prefix,
  makePrefix,
  parseIp,
  templateNet,
  templatePrefix,
} from "../values/index.ts";
import { parsePodName } from "./names.ts";

/** Addresses of one thing, a family each in the order of the templates. */
export type Addresses = readonly Prefix[];

/** The host number of namespaces outside of the cluster, in net 0. */
export const EXTERNAL_HOST = 100;

/**
 * The addresses of a pod by its name, local or not: node and pod are net and host. A pod with a name prefix is on an isolated
 * bridge and uses net 0.
 * @throws {XclusterError} `bad-name`
 * @throws {ValueError} `net-too-large`, `host-too-large`
 */
export function addressesOfPod(templates: readonly AddressTemplate[], name: string): Addresses {
  const { prefix, node, pod } = parsePodName(name);
  return addressesAt(templates, prefix === "" ? node : 0, pod);
}

/** The addresses of a host in a net. @throws {ValueError} `net-too-large`, `host-too-large` */
export function addressesAt(templates: readonly AddressTemplate[], net: number, host: number): Addresses {
  return templates.map((template) => templatePrefix(template, net, host));
}

/** A node's net, and the addresses of its bridge: host 0. @throws {ValueError} `net-too-large` */
export function netsOf(templates: readonly AddressTemplate[], node: number): Addresses {
  return templates.map((template) => templateNet(template, node));
}

/** The addresses of a number of the shuffled list: a host in net 0. @throws {ValueError} `host-too-large` */
export function shuffledAddresses(templates: readonly AddressTemplate[], number: number): Addresses {
  return addressesAt(templates, 0, number);
}

/** A node's own addresses on the nodes' net NET: `192.168.NET.NODE/24` and PREFIX with that. @throws {ValueError} `bad-ip` */
export function nodeAddresses(prefix: string, net: number, node: number): Addresses {
  const v4 = `192.168.${net}.${node}`;
  return [makePrefix(parseIp(v4), 24), makePrefix(parseIp(`${prefix}:${v4}`), 120)];
}
