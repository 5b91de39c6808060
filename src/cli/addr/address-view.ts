import type { View } from "../../output/index.ts";
import {
  type AddressTemplate,
  type Family,
  type Ip,
  type Prefix,
  addressBits,
  lastOf,
  networkOf,
  prefixIp,
  prefixLength,
  templatePrefix,
} from "../../values/index.ts";

/** A host of a template, and all that is known of it. */
export interface HostAddress {
  /** With its length. */
  readonly address: Prefix;
  readonly ip: Ip;
  readonly length: number;
  readonly family: Family;
  readonly net: bigint;
  readonly host: bigint;
  /** The net it is in. */
  readonly network: Prefix;
  readonly template: string;
  /** It is its net's broadcast address, which hosts cannot have. */
  readonly broadcast: boolean;
}

/** A host in a net. @throws {ValueError} `net-too-large`, `host-too-large` */
export function hostAddress(template: AddressTemplate, net: bigint, host: bigint): HostAddress {
  const { family, inner, text } = template;
  const address = templatePrefix(template, net, host);
  const ip = prefixIp(address);
  return {
    address,
    ip,
    length: prefixLength(address),
    family,
    net,
    host,
    network: networkOf(address),
    template: text,
    broadcast: family === 4 && addressBits(family) - inner > 1 && lastOf(address) === ip,
  };
}

/** Hosts, a line each. `more` is for programs alone. */
export function addressView(addresses: readonly HostAddress[], more: object = {}): View {
  return {
    columns: [
      { key: "address" },
      { key: "net", align: "right" },
      { key: "host", align: "right" },
      { key: "network" },
      { key: "template", wide: true },
    ],
    rows: addresses.map((one) => ({
      address: one.broadcast ? { text: one.address, tone: "warn" } : one.address,
      net: one.net,
      host: one.host,
      network: one.network,
      template: one.template,
    })),
    data: { ...more, addresses },
    names: addresses.map(({ address }) => address),
  };
}

/** What to say of broadcast addresses among the hosts; nothing where there is none. */
export function broadcastNote(addresses: readonly HostAddress[]): string | undefined {
  const found = addresses.filter(({ broadcast }) => broadcast);
  const [first] = found;
  if (first === undefined) return undefined;
  const others = found.length > 1 ? ` (and ${found.length - 1} more)` : "";
  return `${first.ip} is the broadcast address of ${first.network}: no host can have it${others}`;
}
