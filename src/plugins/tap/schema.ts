import { type Call, CniError, type Dns, Section, codes } from "../../cni/index.ts";
import type { IfName, Mac } from "../../values/index.ts";
import { asIfName, dnsAt, heldAddresses, ipamAt, isTakingAway, macAt, mtuAt, textAt } from "../_conf.ts";

/** The configuration of tap (cni.md 2.18). */
export interface TapConf {
  readonly ipam?: string;
  readonly multiQueue: boolean;
  /** Bytes. */
  readonly mtu?: number;
  readonly mac?: Mac;
  /** Who may open the device, by number. */
  readonly owner?: number;
  readonly group?: number;
  /** A bridge in the container, of which the device becomes a port. */
  readonly bridge?: IfName;
  readonly dns?: Dns;
}

const id = { min: 0, max: 0xffff_fffe };

/** @throws {CniError} 2, 4, 7 */
export function readTap(call: Call): TapConf {
  if (isTakingAway(call)) return { multiQueue: false, ...heldAddresses(call) };
  const section = new Section(call.conf);
  refuseContext(section);
  const [ipam, mtu, mac, dns] = [ipamAt(section), mtuAt(section), macAt(section, call, "mac"), dnsAt(section)];
  const [owner, group] = [section.int("owner", id), section.int("group", id)];
  const bridge = section.read("bridge", (value, path) => (value === "" ? undefined : asIfName(value, path)));
  return {
    multiQueue: section.bool("multiQueue") ?? false,
    ...(ipam !== undefined && { ipam }),
    ...(mtu !== undefined && { mtu }),
    ...(mac !== undefined && { mac }),
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
    ...(bridge !== undefined && { bridge }),
    ...(dns !== undefined && { dns }),
  };
}

/** The device has the label of the process that makes it; a process of another label would be needed. */
function refuseContext(section: Section): void {
  const context = textAt(section, "selinuxContext");
  if (context === undefined) return;
  throw new CniError(
    codes.unsupportedField,
    `cannot use selinuxContext ${JSON.stringify(context)}: netloom makes the device in its own process, with its own label`,
    "at selinuxContext: leave it away, or use the reference's tap plugin",
  );
}
