/**
 * Results of 1.0.0 and 1.1.0, keys sorted as the reference prints them. What is new in 1.1.0 is read and written in 1.0.0 too,
 * as the reference does: in a chain of 1.0.0 nothing is lost that an earlier plugin said.
 */
import type { Reader, Section } from "../conf.ts";
import { asSection, asString } from "../conf.ts";
import { tryMac } from "../../values/index.ts";
import type { JsonObject } from "../plugin.ts";
import type { Dns, Interface, IpConfig, Result, Route } from "../result.ts";
import { dnsOf, filled, gatewayOf, resultOf, resultPrefix, routesOf, textOf } from "./parts.ts";

export function parse100(section: Section): Result {
  return resultOf({
    interfaces: section.list("interfaces", asInterface),
    ips: section.list("ips", asIpConfig),
    routes: routesOf(section),
    dns: dnsOf(section),
  });
}

const asInterface: Reader<Interface> = (value, path) => {
  const one = asSection(value, path);
  const mac = textOf(one, "mac");
  const mtu = one.int("mtu");
  const sandbox = textOf(one, "sandbox");
  const socketPath = textOf(one, "socketPath");
  const pciID = textOf(one, "pciID");
  return {
    name: one.need("name", asString),
    ...(mac !== undefined && { mac: tryMac(mac) ?? mac }),
    ...(mtu !== undefined && mtu !== 0 && { mtu }),
    ...(sandbox !== undefined && { sandbox }),
    ...(socketPath !== undefined && { socketPath }),
    ...(pciID !== undefined && { pciID }),
  };
};

/** `version` of the older shape is not read: the address says it. */
const asIpConfig: Reader<IpConfig> = (value, path) => {
  const one = asSection(value, path);
  const gateway = gatewayOf(one, "gateway");
  const index = one.int("interface");
  return {
    address: one.need("address", resultPrefix),
    ...(gateway !== undefined && { gateway }),
    ...(index !== undefined && { interface: index }),
  };
};

export function print100({ interfaces, ips, routes, dns }: Result, version: string): JsonObject {
  return {
    cniVersion: version,
    dns: dns && filledDns(dns),
    interfaces: filled(interfaces?.map(printInterface)),
    ips: filled(ips?.map(printIp)),
    routes: filled(routes?.map(printRoute)),
  };
}

function filledDns({ domain, nameservers, options, search }: Dns): JsonObject | undefined {
  const dns = { domain, nameservers: filled(nameservers), options: filled(options), search: filled(search) };
  return Object.values(dns).every((value) => value === undefined) ? undefined : dns;
}

const printInterface = ({ mac, mtu, name, pciID, sandbox, socketPath }: Interface): JsonObject => ({
  mac,
  mtu,
  name,
  pciID,
  sandbox,
  socketPath,
});

const printIp = ({ address, gateway, interface: index }: IpConfig): JsonObject => ({
  address,
  gateway,
  interface: index,
});

const printRoute = ({ advmss, dst, gw, mtu, priority, scope, table }: Route): JsonObject => ({
  advmss,
  dst,
  gw,
  mtu,
  priority,
  scope,
  table,
});
