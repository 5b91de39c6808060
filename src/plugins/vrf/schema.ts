import { type Call, Section } from "../../cni/index.ts";
import type { IfName } from "../../values/index.ts";
import { asIfName, isTakingAway, leniently } from "../_conf.ts";

export interface VrfConf {
  /** Absent only where DEL cannot read it: then there is nothing that it could have made. */
  readonly name?: IfName;
  /** The VRF's routing table; any that is free if absent. */
  readonly table?: number;
}

/** RT_TABLE_MAX of linux/rtnetlink.h. */
const MOST_TABLE = 0xffff_ffff;

/** @throws {CniError} 7 */
export function parseVrf(call: Call): VrfConf {
  const conf = new Section(call.conf);
  if (isTakingAway(call)) {
    const name = leniently(() => conf.read("vrfname", asIfName), undefined);
    return name === undefined ? {} : { name };
  }
  const name = conf.need("vrfname", asIfName);
  const table = conf.int("table", { min: 0, max: MOST_TABLE });
  return { name, ...(table && { table }) };
}
