import type { PortVlanSpec } from "../../change/index.ts";
import { type Call, CniError, type Dns, Section, asSection, codes, invalid } from "../../cni/index.ts";
import { type IfName, type Mac, parseIfName } from "../../values/index.ts";
import { type MasqBackend, asIfName, dnsAt, ipamAt, isTakingAway, leniently, macAt, masqAt, mtuAt } from "../_conf.ts";

/** What DEL and GC need. */
interface Held {
  /** The IPAM plugin; absent is layer 2. */
  readonly ipam?: string;
  readonly masq?: MasqBackend;
  readonly macSpoofCheck: boolean;
}

/** The configuration of bridge (cni.md 2.1). */
export interface BridgeConf extends Held {
  readonly bridge: IfName;
  readonly isGateway: boolean;
  readonly isDefaultGateway: boolean;
  readonly forceAddress: boolean;
  /** Bytes. */
  readonly mtu?: number;
  readonly hairpin: boolean;
  readonly promisc: boolean;
  readonly isolated: boolean;
  /** The VLAN of untagged frames. */
  readonly vlan?: number;
  /** VLANs that pass with their tags. */
  readonly trunk?: readonly PortVlanSpec[];
  readonly preserveDefaultVlan: boolean;
  /** Duplicate address detection in the container. */
  readonly dad: boolean;
  /** The container's end stays down. */
  readonly disabled: boolean;
  readonly mac?: Mac;
  readonly dns?: Dns;
}

const defaults = {
  bridge: parseIfName("cni0"),
  isGateway: false,
  isDefaultGateway: false,
  forceAddress: false,
  hairpin: false,
  promisc: false,
  isolated: false,
  preserveDefaultVlan: false,
  dad: false,
  disabled: false,
};

/** @throws {CniError} 7, 4 */
export function readBridge(call: Call): BridgeConf {
  const section = new Section(call.conf);
  return isTakingAway(call) ? { ...defaults, ...readHeld(section) } : readAll(section, call);
}

/** What cannot be read any more is taken for switched on: there may be something to take away. */
function readHeld(section: Section): Held {
  const ipam = leniently(() => ipamAt(section), undefined);
  const masq = leniently(() => masqAt(section), "nftables" as const);
  return {
    ...(ipam !== undefined && { ipam }),
    ...(masq !== undefined && { masq }),
    macSpoofCheck: leniently(() => section.bool("macspoofchk"), true) ?? false,
  };
}

function readAll(section: Section, call: Call): BridgeConf {
  const on = (key: string) => section.bool(key) ?? false;
  const ipam = ipamAt(section);
  const masq = masqAt(section);
  const mtu = mtuAt(section);
  const vlan = section.int("vlan", { min: 0, max: 4094 }) || undefined;
  const trunk = section.list("vlanTrunk", readTrunk)?.flat();
  const mac = macAt(section, call, "args.cni");
  const dns = dnsAt(section);
  const conf: BridgeConf = {
    bridge: section.read("bridge", asIfName) ?? defaults.bridge,
    isGateway: on("isGateway") || on("isDefaultGateway"),
    isDefaultGateway: on("isDefaultGateway"),
    forceAddress: on("forceAddress"),
    hairpin: on("hairpinMode"),
    promisc: on("promiscMode"),
    isolated: on("portIsolation"),
    preserveDefaultVlan: on("preserveDefaultVlan"),
    macSpoofCheck: on("macspoofchk"),
    dad: on("enabledad"),
    disabled: on("disableContainerInterface"),
    ...(ipam !== undefined && { ipam }),
    ...(masq !== undefined && { masq }),
    ...(mtu !== undefined && { mtu }),
    ...(vlan !== undefined && { vlan }),
    ...(trunk !== undefined && { trunk }),
    ...(mac !== undefined && { mac }),
    ...(dns !== undefined && { dns }),
  };
  refuseContradictions(conf);
  return conf;
}

function refuseContradictions({ hairpin, promisc, ipam, disabled }: BridgeConf): void {
  if (hairpin && promisc) {
    throw new CniError(
      codes.invalidConfig,
      "invalid network configuration: hairpinMode and promiscMode cannot both be true",
      "at hairpinMode: both let a container reach itself by its service's address, and its frames would come twice; keep one",
    );
  }
  if (ipam !== undefined && disabled) {
    throw new CniError(
      codes.invalidConfig,
      "invalid network configuration: disableContainerInterface leaves no use for ipam",
      "at disableContainerInterface: an interface that is down gets no addresses; leave one of the two away",
    );
  }
}

const vid = { min: 1, max: 4094 };

/** An entry of vlanTrunk: a range, one VLAN, or both. */
function readTrunk(value: unknown, path: string): readonly PortVlanSpec[] {
  const entry = asSection(value, path);
  const first = entry.int("minID", vid);
  const last = entry.int("maxID", vid);
  const one = entry.int("id", vid);
  if ((first === undefined) !== (last === undefined)) {
    const [missing, given] = first === undefined ? ["minID", "maxID"] : ["maxID", "minID"];
    throw invalid(path, `has ${given} but no ${missing}`, "write both ends of the range, or id for one VLAN");
  }
  if (first !== undefined && last !== undefined && first > last) {
    throw invalid(entry.at("minID"), `is ${first}, above maxID ${last}`, "exchange the two");
  }
  return [
    ...(first !== undefined && last !== undefined ? [{ vid: first, ...(last > first && { last }) }] : []),
    ...(one === undefined ? [] : [{ vid: one }]),
  ];
}
