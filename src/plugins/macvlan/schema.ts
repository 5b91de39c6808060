import { type Call, type Dns, Section } from "../../cni/index.ts";
import type { Mac } from "../../values/index.ts";
import { dnsAt, heldAddresses, ipamAt, isTakingAway, macAt, masterAt, wordAt } from "../_conf.ts";
import type { OnMaster } from "../_single.ts";

/** The configuration of macvlan (cni.md 2.3). */
export interface MacvlanConf extends OnMaster {
  readonly ipam?: string;
  readonly mode: "bridge" | "private" | "vepa" | "passthru";
  /** Packets. */
  readonly bcQueueLen?: number;
  readonly mac?: Mac;
  readonly dns?: Dns;
}

/** @throws {CniError} 7, 4 */
export function readMacvlan(call: Call): MacvlanConf {
  if (isTakingAway(call)) return { linkInContainer: false, mode: "bridge", ...heldAddresses(call) };
  const section = new Section(call.conf);
  const [ipam, mac, dns] = [ipamAt(section), macAt(section, call, "mac"), dnsAt(section)];
  const bcQueueLen = section.int("bcqueuelen", { min: 0, max: 0xffff_ffff }) || undefined;
  return {
    ...masterAt(section),
    mode: wordAt(section, "mode", ["bridge", "private", "vepa", "passthru"]),
    ...(ipam !== undefined && { ipam }),
    ...(bcQueueLen !== undefined && { bcQueueLen }),
    ...(mac !== undefined && { mac }),
    ...(dns !== undefined && { dns }),
  };
}
