import { type Plugin, specVersions } from "../../cni/index.ts";
import { releaseAddresses, releaseAll } from "../_release.ts";
import { addSingle, delSingle, masterFor } from "../_single.ts";
import { planMacvlan } from "./plan.ts";
import { type MacvlanConf, readMacvlan } from "./schema.ts";

/** Gives a container an interface of its own address on a device of the host. */
export const macvlan: Plugin<MacvlanConf> = {
  name: "macvlan",
  about: "gives a container its own address on an interface of the host",
  versions: specVersions,

  parse: readMacvlan,

  add(conf, call, work) {
    const { ipam, dns } = conf;
    const master = masterFor(conf, work, "ADD");
    return addSingle(call, work, {
      ...(ipam !== undefined && { ipam }),
      make: (pod) => planMacvlan(conf, pod, master),
      announce: "all",
      ...(dns && { dns }),
    });
  },

  del: ({ ipam }, call, work) => delSingle(ipam, call, work),

  async check(conf, call, work) {
    const { checkSingle, settingDifferences } = await import("../_check-single.ts");
    masterFor(conf, work, "CHECK");
    await checkSingle(call, work, conf.ipam, "macvlan", (link) => settingDifferences(link, "mode", "mode", conf.mode));
  },

  async status(conf, _call, work) {
    const { needAddresses, needKind, needMaster } = await import("../_ready.ts");
    needKind(work, "macvlan");
    needMaster(work, conf);
    await needAddresses(work, conf.ipam);
  },

  gc: ({ ipam }, call, work) => releaseAll(call, releaseAddresses(ipam, call, work)),
};
