import { type Call, type Dns, Section } from "../../cni/index.ts";
import { type MasqBackend, dnsAt, ipamAt, isTakingAway, leniently, masqAt, mtuAt, needIpamAt } from "../_conf.ts";

/** The configuration of ptp (cni.md 2.2). */
export interface PtpConf {
  /** Absent only at DEL and GC, where it could not be read. */
  readonly ipam?: string;
  readonly masq?: MasqBackend;
  /** Bytes. */
  readonly mtu?: number;
  readonly dns?: Dns;
}

/** @throws {CniError} 7 */
export function readPtp(call: Call): PtpConf {
  const section = new Section(call.conf);
  if (isTakingAway(call)) {
    const ipam = leniently(() => ipamAt(section), undefined);
    const masq = leniently(() => masqAt(section), "nftables" as const);
    return { ...(ipam !== undefined && { ipam }), ...(masq !== undefined && { masq }) };
  }
  const ipam = needIpamAt(section, "ptp routes to addresses: say at ipam.type who gives them");
  const [masq, mtu, dns] = [masqAt(section), mtuAt(section), dnsAt(section)];
  return {
    ipam,
    ...(masq !== undefined && { masq }),
    ...(mtu !== undefined && { mtu }),
    ...(dns !== undefined && { dns }),
  };
}
