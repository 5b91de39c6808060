import { type Call, Section, invalid } from "../../cni/index.ts";
import { heldAddresses, ipamAt, isTakingAway } from "../_conf.ts";

/** The configuration of dummy (cni.md 2.17). */
export interface DummyConf {
  /** Absent only at DEL and GC. */
  readonly ipam?: string;
}

/** @throws {CniError} 7 */
export function readDummy(call: Call): DummyConf {
  if (isTakingAway(call)) return heldAddresses(call);
  const ipam = ipamAt(new Section(call.conf));
  if (ipam !== undefined) return { ipam };
  throw invalid(
    "ipam",
    "is missing",
    "an interface that leads nowhere is for its addresses: say at ipam.type who gives them",
  );
}
