import { type Plugin, specVersions } from "../../cni/index.ts";
import { releaseAddresses, releaseAll } from "../_release.ts";
import { addSingle, delSingle } from "../_single.ts";
import { planDummy } from "./plan.ts";
import { type DummyConf, readDummy } from "./schema.ts";

/** Gives a container addresses on an interface that leads nowhere. */
export const dummy: Plugin<DummyConf> = {
  name: "dummy",
  about: "gives a container addresses on an interface that leads nowhere",
  versions: specVersions,

  parse: readDummy,

  add({ ipam }, call, work) {
    return addSingle(call, work, {
      ...(ipam !== undefined && { ipam }),
      make: planDummy,
      announce: false,
      dns: "ipam",
    });
  },

  del: ({ ipam }, call, work) => delSingle(ipam, call, work),

  async check({ ipam }, call, work) {
    const { checkSingle } = await import("../_check-single.ts");
    await checkSingle(call, work, ipam, "dummy");
  },

  async status({ ipam }, _call, work) {
    const { needAddresses, needKind } = await import("../_ready.ts");
    needKind(work, "dummy");
    await needAddresses(work, ipam);
  },

  gc: ({ ipam }, call, work) => releaseAll(call, releaseAddresses(ipam, call, work)),
};
