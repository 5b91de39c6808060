import { type Dns, type Plugin, specVersions } from "../../cni/index.ts";
import { FileStore, allocate, reserve } from "../../ipam/index.ts";
import { ownerOf, resultOf, staleOf } from "./plan.ts";
import { type HostLocalConf, parseHostLocal } from "./schema.ts";
import { told } from "./told.ts";

/** Gives addresses of ranges and writes down, in files of this host, who has which. */
export const hostLocal: Plugin<HostLocalConf> = {
  name: "host-local",
  about: "gives addresses of ranges, kept in files of this host",
  versions: specVersions,
  withoutKernel: true,

  parse: parseHostLocal,

  async add(conf, call, work) {
    const dns = conf.resolvConf === undefined ? undefined : await dnsIn(conf.resolvConf);
    const store = new FileStore(conf.folder);
    const owner = ownerOf(call);
    const ranges = conf.sets.map((set) => set.ranges);
    const answer = told(() =>
      work.dry
        ? store.read((ledger) => allocate(ranges, owner, conf.requested, ledger))
        : reserve(store, ranges, owner, conf.requested),
    );
    if (answer.kind !== "allocated") throw (await import("./refusal.ts")).refusal(answer, conf, owner);
    const ips = answer.picks.map(({ ip }) => ip);
    if (!work.dry)
      work.undo(`free ${ips.join(", ")}`, () => {
        told(() => store.free((ledger) => ledger.of(owner).filter((ip) => ips.includes(ip))));
      });
    return resultOf(answer.picks, conf, dns);
  },

  del({ folder }, call, work) {
    if (!work.dry) told(() => new FileStore(folder).free((ledger) => ledger.of(ownerOf(call))));
  },

  async check(conf, call) {
    (await import("./check.ts")).checkReserved(conf, call);
  },

  async status(conf) {
    (await import("./check.ts")).needRoom(conf);
    (await import("./writable.ts")).needWritable(conf);
  },

  gc({ folder }, { valid }, work) {
    if (valid === undefined || work.dry) return;
    told(() => new FileStore(folder).free((ledger) => staleOf(ledger, valid)));
  },
};

async function dnsIn(file: string): Promise<Dns> {
  return (await import("./resolv-conf.ts")).readResolvConf(file);
}
