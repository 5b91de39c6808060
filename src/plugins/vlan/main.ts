import { type Plugin, specVersions } from "../../cni/index.ts";
import { releaseAddresses, releaseAll } from "../_release.ts";
import { addSingle, delSingle, masterFor } from "../_single.ts";
import { planVlan } from "./plan.ts";
import { type VlanConf, readVlan } from "./schema.ts";

/** Puts a container into a VLAN of an interface of the host. */
export const vlan: Plugin<VlanConf> = {
  name: "vlan",
  about: "puts a container into a VLAN of an interface of the host",
  versions: specVersions,

  parse: readVlan,

  add(conf, call, work) {
    const { ipam, dns } = conf;
    const master = masterFor(conf, work, "ADD");
    return addSingle(call, work, {
      ...(ipam !== undefined && { ipam }),
      make: (pod) => planVlan(conf, pod, master),
      announce: true,
      ...(dns && { dns }),
    });
  },

  del: ({ ipam }, call, work) => delSingle(ipam, call, work),

  async check(conf, call, work) {
    const { checkSingle, settingDifferences } = await import("../_check-single.ts");
    masterFor(conf, work, "CHECK");
    await checkSingle(call, work, conf.ipam, "vlan", (link) => settingDifferences(link, "id", "VLAN", conf.id));
  },

  async status(conf, _call, work) {
    const { needAddresses, needKind, needMaster } = await import("../_ready.ts");
    needKind(work, "vlan");
    needMaster(work, conf);
    await needAddresses(work, conf.ipam);
  },

  gc: ({ ipam }, call, work) => releaseAll(call, releaseAddresses(ipam, call, work)),
};
