import { type Call, CniError, type Dns, Section, codes } from "../../cni/index.ts";
import { type IfName, tryIfName } from "../../values/index.ts";
import { dnsAt, heldAddresses, ipamAt, isTakingAway, masterAt, wordAt } from "../_conf.ts";
import type { OnMaster } from "../_single.ts";

/** The configuration of ipvlan (cni.md 2.4). */
export interface IpvlanConf extends OnMaster {
  readonly ipam?: string;
  readonly mode: "l2" | "l3" | "l3s";
  readonly dns?: Dns;
}

/** @throws {CniError} 7 */
export function readIpvlan(call: Call): IpvlanConf {
  if (isTakingAway(call)) return { linkInContainer: false, mode: "l2", ...heldAddresses(call) };
  const section = new Section(call.conf);
  const [ipam, dns, below] = [ipamAt(section), dnsAt(section), masterAt(section)];
  const master = below.master ?? chainedMaster(call);
  return {
    ...below,
    ...(master !== undefined && { master }),
    mode: wordAt(section, "mode", ["l2", "l3", "l3s"]),
    ...(ipam !== undefined && { ipam }),
    ...(dns !== undefined && { dns }),
  };
}

/** Behind another plugin that made one interface it stands on that. At CHECK the result is ipvlan's own. */
function chainedMaster({ command, prevResult }: Call): IfName | undefined {
  if (command !== "ADD" || prevResult === undefined) return undefined;
  const [only, ...others] = prevResult.interfaces ?? [];
  const name = only === undefined || others.length > 0 ? undefined : tryIfName(only.name);
  if (name !== undefined) return name;
  throw new CniError(
    codes.invalidConfig,
    "cannot ADD: no master is given, and the plugin before did not make exactly one interface",
    "at master: name the interface that the container's shall stand on",
  );
}
