import type { Op } from "../change/index.ts";
import { type Call, type Dns, type Plugin, type Result, specVersions } from "../cni/index.ts";
import type { IfName } from "../values/index.ts";
import { releaseAddresses, releaseAll } from "./_release.ts";
import { type OnMaster, type Single, addSingle, delSingle, masterFor } from "./_single.ts";

/** What is particular to a plugin whose one link stands on a device of the host. */
export interface Particular<C extends OnMasterConf> extends Pick<Plugin<C>, "about" | "parse"> {
  /** Of the plugin, and of its kind of link. */
  readonly name: "ipvlan" | "macvlan" | "vlan";
  /** Makes the link, down. */
  readonly make: (conf: C, pod: IfName, master: IfName) => readonly Op[];
  readonly announce: Single["announce"];
  /** What CHECK compares besides: a key of the kind's data, the word for it, and its value. */
  readonly setting: (conf: C) => readonly [key: string, what: string, wanted: unknown];
  /** Addresses where there is no IPAM. @throws {CniError} */
  readonly without?: (call: Call) => Result;
  /** CHECK misses the device below even where the link is there. */
  readonly checksMaster: boolean;
}

export interface OnMasterConf extends OnMaster {
  readonly ipam?: string;
  readonly dns?: Dns;
}

/** A plugin that puts one link on a device of the host into a container. */
export function onMaster<C extends OnMasterConf>(own: Particular<C>): Plugin<C> {
  const { name, about, parse, make, announce, setting, without, checksMaster } = own;
  return {
    name,
    about,
    versions: specVersions,
    parse,

    add(conf, call, work) {
      const { ipam, dns } = conf;
      const master = masterFor(conf, work, "ADD");
      const given = ipam === undefined ? without?.(call) : undefined;
      return addSingle(call, work, {
        ...(ipam !== undefined && { ipam }),
        ...(given !== undefined && { given }),
        make: (pod) => make(conf, pod, master),
        announce,
        ...(dns && { dns }),
      });
    },

    del: ({ ipam }, call, work) => delSingle(ipam, call, work),

    async check(conf, call, work) {
      const { checkSingle, masterDifferences, settingDifferences } = await import("./_check-single.ts");
      if (checksMaster) masterFor(conf, work, "CHECK");
      await checkSingle(call, work, conf.ipam, name, (link) => [
        ...masterDifferences(conf, link, work),
        ...settingDifferences(link, ...setting(conf)),
      ]);
    },

    async status(conf, _call, work) {
      const { needAddresses, needKind, needMaster } = await import("./_ready.ts");
      needKind(work, name);
      needMaster(work, conf);
      await needAddresses(work, conf.ipam);
    },

    gc: ({ ipam }, call, work) => releaseAll(call, releaseAddresses(ipam, call, work)),
  };
}
