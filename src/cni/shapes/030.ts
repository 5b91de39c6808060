/** Results of 0.3.0, 0.3.1 and 0.4.0: interfaces, and addresses that name their family. */
import { familyOf } from "../../values/index.ts";
import type { JsonObject } from "../plugin.ts";
import type { Interface, IpConfig, Result, Route } from "../result.ts";
import { filled, printDns } from "./parts.ts";

export { parse100 as parse030 } from "./100.ts";

export function print030({ interfaces, ips, routes, dns }: Result, version: string): JsonObject {
  return {
    cniVersion: version,
    interfaces: filled(interfaces?.map(printInterface)),
    ips: filled(ips?.map(printIp)),
    routes: filled(routes?.map(printRoute)),
    dns: printDns(dns),
  };
}

const printInterface = ({ name, mac, sandbox }: Interface): JsonObject => ({ name, mac, sandbox });

const printIp = ({ address, gateway, interface: index }: IpConfig): JsonObject => ({
  version: String(familyOf(address)),
  interface: index,
  address,
  gateway,
});

/** With what routes have since 1.1.0: the reference has one type for all versions, and drops nothing either. */
const printRoute = ({ dst, gw, mtu, advmss, priority, table, scope }: Route): JsonObject => ({
  dst,
  gw,
  mtu,
  advmss,
  priority,
  table,
  scope,
});
