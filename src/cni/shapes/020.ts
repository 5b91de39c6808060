/** Results of 0.1.0 and 0.2.0: one address per family, no interfaces. */
import { familyOf } from "../../values/index.ts";
import type { Section } from "../conf.ts";
import { CniError, codes } from "../error.ts";
import type { JsonObject } from "../plugin.ts";
import type { IpConfig, Result, Route } from "../result.ts";
import { dnsOf, filled, gatewayOf, printDns, resultOf, resultPrefix, routesOf } from "./parts.ts";

export function parse020(section: Section): Result {
  const families = [section.object("ip4"), section.object("ip6")].filter((one) => one !== undefined);
  return resultOf({
    interfaces: undefined,
    ips: families.map((one): IpConfig => {
      const gateway = gatewayOf(one, "gateway");
      return { address: one.need("ip", resultPrefix), ...(gateway !== undefined && { gateway }) };
    }),
    routes: families.flatMap((one) => routesOf(one) ?? []),
    dns: dnsOf(section),
  });
}

/**
 * The first address of each family with the routes of that family; whatever else the result says is lost.
 * @throws {CniError} 1 without an address: these versions cannot say so
 */
export function print020({ ips = [], routes = [], dns }: Result, version: string): JsonObject {
  const ip4 = ips.find(({ address }) => familyOf(address) === 4);
  const ip6 = ips.find(({ address }) => familyOf(address) === 6);
  if (ip4 === undefined && ip6 === undefined) {
    throw new CniError(
      codes.incompatibleVersion,
      `cannot answer in CNI ${version}: the result has no address`,
      "cniVersion: from 0.3.0 on a result may do without",
    );
  }
  const half = (config: IpConfig | undefined): JsonObject | undefined =>
    config && {
      ip: config.address,
      gateway: config.gateway,
      routes: filled(routes.filter(({ dst }) => familyOf(dst) === familyOf(config.address)).map(plain)),
    };
  return { cniVersion: version, ip4: half(ip4), ip6: half(ip6), dns: printDns(dns) };
}

const plain = ({ dst, gw }: Route): JsonObject => ({ dst, gw });
