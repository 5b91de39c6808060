import { type Call, Section } from "../../cni/index.ts";
import { heldAddresses, isTakingAway, needIpamAt } from "../_conf.ts";

/** The configuration of dummy (cni.md 2.17). */
export interface DummyConf {
  /** Absent only at DEL and GC. */
  readonly ipam?: string;
}

/** @throws {CniError} 7 */
export function readDummy(call: Call): DummyConf {
  if (isTakingAway(call)) return heldAddresses(call);
  const remedy = "an interface that leads nowhere is for its addresses: say at ipam.type who gives them";
  return { ipam: needIpamAt(new Section(call.conf), remedy) };
}
