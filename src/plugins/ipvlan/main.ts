import { type Call, CniError, type Result, codes } from "../../cni/index.ts";
import { onMaster } from "../_on-master.ts";
import { planIpvlan } from "./plan.ts";
import { readIpvlan } from "./schema.ts";

/** Gives a container addresses of its own behind the hardware address of an interface of the host. */
export const ipvlan = onMaster({
  name: "ipvlan",
  about: "gives a container addresses behind an interface of the host",
  parse: readIpvlan,
  make: planIpvlan,
  announce: "all",
  setting: (conf) => ["mode", "mode", conf.mode],
  without: chainedAddresses,
  checksMaster: false,
});

/** Without IPAM of its own it has the addresses of the plugin before. @throws {CniError} 7 where there are none */
function chainedAddresses({ prevResult }: Call): Result {
  if (prevResult?.ips !== undefined && prevResult.ips.length > 0) return prevResult;
  throw new CniError(
    codes.invalidConfig,
    "cannot ADD: there is no ipam, and no plugin before that gave addresses",
    "at ipam: say at ipam.type who gives addresses",
  );
}
