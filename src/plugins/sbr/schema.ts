import { type Call, Section, asIp, invalid } from "../../cni/index.ts";
import { type Family, type Ip, familyOf } from "../../values/index.ts";
import { isTakingAway, leniently } from "../_conf.ts";

export interface SbrConf {
  /** Somebody else's table, which has its routes already: only the rules are made. */
  readonly table?: number;
  /** In place of the gateways that the result has. */
  readonly gateways: Readonly<Partial<Record<Family, Ip>>>;
  /** The main table keeps the routes to the interface's own prefixes. */
  readonly sourceHints: boolean;
}

/** RT_TABLE_MAX of linux/rtnetlink.h. */
const MOST_TABLE = 0xffff_ffff;

/** @throws {CniError} 7 */
export function parseSbr(call: Call): SbrConf {
  const conf = new Section(call.conf);
  const readTable = () => conf.int("table", { min: 1, max: MOST_TABLE });
  if (isTakingAway(call)) {
    const table = leniently(readTable, undefined);
    return { ...(table !== undefined && { table }), gateways: {}, sourceHints: false };
  }
  const table = readTable();
  return {
    ...(table !== undefined && { table }),
    gateways: gatewaysOf(conf),
    sourceHints: conf.bool("addSourceHints") ?? false,
  };
}

function gatewaysOf(conf: Section): SbrConf["gateways"] {
  const found: Partial<Record<Family, Ip>> = {};
  for (const [i, gateway] of (conf.list("gateways", asIp) ?? []).entries()) {
    const family = familyOf(gateway);
    if (found[family] !== undefined) {
      throw invalid(
        `${conf.at("gateways")}[${i}]`,
        `is a second one for IPv${family}`,
        "write at most one for each family",
      );
    }
    found[family] = gateway;
  }
  return found;
}
