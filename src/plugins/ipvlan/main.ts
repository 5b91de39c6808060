import { type Call, CniError, type Plugin, type Result, codes, specVersions } from "../../cni/index.ts";
import { releaseAddresses, releaseAll } from "../_release.ts";
import { addSingle, delSingle, masterFor } from "../_single.ts";
import { planIpvlan } from "./plan.ts";
import { type IpvlanConf, readIpvlan } from "./schema.ts";

/** Gives a container addresses of its own behind the hardware address of an interface of the host. */
export const ipvlan: Plugin<IpvlanConf> = {
  name: "ipvlan",
  about: "gives a container addresses behind an interface of the host",
  versions: specVersions,

  parse: readIpvlan,

  add(conf, call, work) {
    const { ipam, dns } = conf;
    const master = masterFor(conf, work, "ADD");
    const given = ipam === undefined ? chainedAddresses(call) : undefined;
    return addSingle(call, work, {
      ...(ipam !== undefined && { ipam }),
      ...(given !== undefined && { given }),
      make: (pod) => planIpvlan(conf, pod, master),
      announce: "all",
      ...(dns && { dns }),
    });
  },

  del: ({ ipam }, call, work) => delSingle(ipam, call, work),

  async check(conf, call, work) {
    const { checkSingle, settingDifferences } = await import("../_check-single.ts");
    await checkSingle(call, work, conf.ipam, "ipvlan", (link) => settingDifferences(link, "mode", "mode", conf.mode));
  },

  async status(conf, _call, work) {
    const { needAddresses, needKind, needMaster } = await import("../_ready.ts");
    needKind(work, "ipvlan");
    needMaster(work, conf);
    await needAddresses(work, conf.ipam);
  },

  gc: ({ ipam }, call, work) => releaseAll(call, releaseAddresses(ipam, call, work)),
};

/** Without IPAM of its own it has the addresses of the plugin before. @throws {CniError} 7 where there are none */
function chainedAddresses({ prevResult }: Call): Result {
  if (prevResult?.ips !== undefined && prevResult.ips.length > 0) return prevResult;
  throw new CniError(
    codes.invalidConfig,
    "cannot ADD: there is no ipam, and no plugin before that gave addresses",
    "at ipam: say at ipam.type who gives addresses",
  );
}
