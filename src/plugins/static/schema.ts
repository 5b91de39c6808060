import {
  type Call,
  type Dns,
  type IpConfig,
  type Reader,
  type Route,
  Section,
  asSection,
  dnsOf,
  invalid,
  parseArgs,
  readArg,
  resultIp,
  resultPrefix,
  routesOf,
} from "../../cni/index.ts";
import { type Ip, contains, familyOf, networkOf } from "../../values/index.ts";

export interface StaticConf {
  readonly ips: readonly IpConfig[];
  readonly routes: readonly Route[];
  readonly dns?: Dns;
}

/** Reads what static needs: for ADD and CHECK all, for the others nothing. @throws {CniError} 4, 7 */
export function parseStatic(call: Call): StaticConf {
  const conf = new Section(call.conf);
  if (call.command === "DEL" || call.command === "GC") return { ips: [], routes: [] };
  const ipam = conf.need("ipam", asSection);
  const configured = withArgs(ipam.list("addresses", asAddress) ?? [], call.args);
  const ips = nonEmpty(conf.object("runtimeConfig")) ?? nonEmpty(conf.object("args")?.object("cni")) ?? configured;
  checkFamilies(call, ips);
  const dns = dnsOf(ipam);
  return { ips, routes: routesOf(ipam) ?? [], ...(dns && { dns }) };
}

const asAddress: Reader<IpConfig> = (value, path) => {
  const one = asSection(value, path);
  const gateway = one.raw("gateway") === "" ? undefined : one.read("gateway", resultIp);
  return { address: one.need("address", resultPrefix), ...(gateway !== undefined && { gateway }) };
};

/** `ips` of what replaces the configuration; an empty list replaces nothing. */
function nonEmpty(section: Section | undefined): readonly IpConfig[] | undefined {
  const ips = section?.list("ips", (value, path) => ({ address: resultPrefix(value, path) })) ?? [];
  return ips.length === 0 ? undefined : ips;
}

/** CNI_ARGS add addresses, and give a gateway to each address whose network it is in. @throws {CniError} 4 */
function withArgs(configured: readonly IpConfig[], text: string): readonly IpConfig[] {
  const { IP: ips = "", GATEWAY: gateways = "" } = parseArgs(text, ["IP", "GATEWAY"]);
  const addressFix = "write IP=10.1.0.5/24, and a comma between several";
  const gatewayFix = "write GATEWAY=10.1.0.1, and a comma between several";
  const asked = listed(ips).map((ip): IpConfig => ({ address: readArg("IP", ip, resultPrefix, addressFix) }));
  const routers = listed(gateways).map((gateway) => readArg("GATEWAY", gateway, resultIp, gatewayFix));
  return [...configured, ...asked].map((one) => {
    const gateway = routers.findLast((router) => isNear(one, router));
    return gateway === undefined ? one : { ...one, gateway };
  });
}

function isNear({ address }: IpConfig, router: Ip): boolean {
  return familyOf(address) === familyOf(router) && contains(networkOf(address), router);
}

function listed(text: string): readonly string[] {
  return text === "" ? [] : text.split(",").map((part) => part.trim());
}

/** Results of 0.1.0 and 0.2.0 have room for one address of a family. */
function checkFamilies({ version }: Call, ips: readonly IpConfig[]): void {
  if (version !== "0.1.0" && version !== "0.2.0") return;
  const families = ips.map(({ address }) => familyOf(address));
  const second = families.findIndex((family, i) => families.indexOf(family) !== i);
  if (second < 0) return;
  throw invalid(
    "ipam.addresses",
    `has ${ips[second]?.address} as its second IPv${families[second]} address, and CNI ${version} has one of each family`,
    "leave one out, or make cniVersion 0.3.0 or newer",
  );
}
