import { type Call, type Dns, Section, asInt, invalid } from "../../cni/index.ts";
import { dnsAt, heldAddresses, isTakingAway, masterAt, needIpamAt } from "../_conf.ts";
import type { OnMaster } from "../_single.ts";

/** The configuration of vlan (cni.md 2.14). */
export interface VlanConf extends OnMaster {
  /** Absent only at DEL and GC. */
  readonly ipam?: string;
  readonly id: number;
  readonly dns?: Dns;
}

/** @throws {CniError} 7 */
export function readVlan(call: Call): VlanConf {
  if (isTakingAway(call)) return { linkInContainer: false, id: 0, ...heldAddresses(call) };
  const section = new Section(call.conf);
  const { master, ...below } = masterAt(section);
  if (master === undefined) throw invalid("master", "is missing", "name the interface that carries the VLAN");
  const ipam = needIpamAt(section, "say at ipam.type who gives addresses");
  const dns = dnsAt(section);
  const id = section.need("vlanId", (value, path) => asInt(value, path, { min: 0, max: 4094 }));
  return { ...below, master, id, ipam, ...(dns !== undefined && { dns }) };
}
