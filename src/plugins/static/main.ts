import { type IpConfig, CniError, type Plugin, codes, specVersions } from "../../cni/index.ts";
import { type StaticConf, parseStatic } from "./schema.ts";

/** Gives the addresses of the configuration, and keeps no record of them. */
export const staticIpam: Plugin<StaticConf> = {
  name: "static",
  about: "gives the addresses that the configuration names",
  versions: specVersions,
  withoutKernel: true,

  parse: parseStatic,

  add: ({ ips, routes, dns }) => ({
    ...(ips.length > 0 && { ips }),
    ...(routes.length > 0 && { routes }),
    ...(dns && { dns }),
  }),

  del: () => {},

  check({ ips }, { prevResult }) {
    if (prevResult === undefined)
      throw new CniError(
        codes.invalidConfig,
        "invalid network configuration: prevResult is missing",
        "at prevResult: CHECK compares with what ADD answered",
      );
    for (const wanted of ips) {
      const found = prevResult.ips?.filter(({ address }) => address === wanted.address) ?? [];
      if (found.length === 0) throw failed(`${wanted.address} is configured, and ADD has not given it`, prevResult.ips);
      if (wanted.gateway !== undefined && !found.some(({ gateway }) => gateway === wanted.gateway))
        throw failed(`${wanted.address} has the gateway ${wanted.gateway}, and ADD has given another`, prevResult.ips);
    }
  },
};

function failed(message: string, given: readonly IpConfig[] = []): CniError {
  const list = given.map(({ address, gateway }) => (gateway === undefined ? address : `${address} via ${gateway}`));
  return new CniError(
    codes.checkFailed,
    `static address ${message}`,
    `prevResult has ${list.join(", ") || "no address"}: the configuration changed since; DEL and ADD again`,
  );
}
