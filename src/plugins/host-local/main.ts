import { type Call, CniError, type Plugin, codes, specVersions } from "../../cni/index.ts";
import { FileStore, type Ledger, type Owner, allocate, printSet, rangeWith, reserve, usage } from "../../ipam/index.ts";
import { prefixIp } from "../../values/index.ts";
import { resultOf, staleOf } from "./plan.ts";
import { full, printOwner, refusal, remedyForFull } from "./refusal.ts";
import { readResolvConf } from "./resolv-conf.ts";
import { type HostLocalConf, type PlacedSet, parseHostLocal } from "./schema.ts";
import { told } from "./told.ts";

/** Gives addresses of ranges and writes down, in files of this host, who has which. */
export const hostLocal: Plugin<HostLocalConf> = {
  name: "host-local",
  about: "gives addresses of ranges, kept in files of this host",
  versions: specVersions,
  withoutKernel: true,

  parse: parseHostLocal,

  add(conf, call, work) {
    const dns = conf.resolvConf === undefined ? undefined : readResolvConf(conf.resolvConf);
    const store = new FileStore(conf.folder);
    const owner = ownerOf(call);
    const ranges = conf.sets.map((set) => set.ranges);
    const answer = told(() =>
      work.dry
        ? store.read((ledger) => allocate(ranges, owner, conf.requested, ledger))
        : reserve(store, ranges, owner, conf.requested),
    );
    if (answer.kind !== "allocated") throw refusal(answer, conf, owner);
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

  check({ folder, sets }, call) {
    const owner = ownerOf(call);
    told(() =>
      new FileStore(folder).read((ledger) => {
        const held = ledger.of(owner);
        const ours = (call.prevResult?.ips ?? [])
          .map(({ address }) => prefixIp(address))
          .filter((ip) => sets.some(({ ranges }) => rangeWith(ranges, ip) !== undefined));
        const missing = ours.find((ip) => !held.includes(ip));
        if (missing === undefined && held.length > 0) return;
        const by = missing !== undefined && ledger.taken(missing) ? ledger.ownerOf(missing) : undefined;
        throw new CniError(
          codes.checkFailed,
          missing === undefined
            ? `no address is reserved for ${printOwner(owner)}`
            : `address ${missing} is ${by === undefined ? "not reserved" : `reserved for ${printOwner(by)}, not`} for ${printOwner(owner)}`,
          `in ${folder}: somebody freed it; DEL and ADD again`,
        );
      }),
    );
  },

  status({ folder, sets }) {
    try {
      told(() => new FileStore(folder).read((ledger) => sets.forEach((set) => checkRoom(set, ledger, folder))));
    } catch (error) {
      if (!(error instanceof CniError) || error.code !== codes.storage) throw error;
      throw new CniError(codes.notAvailable, error.message, error.details, { cause: error });
    }
  },

  gc({ folder }, { valid }, work) {
    if (valid === undefined || work.dry) return;
    told(() => new FileStore(folder).free((ledger) => staleOf(ledger, valid)));
  },
};

function ownerOf({ containerId, ifname }: Call): Owner {
  return { containerId, ifname };
}

/** @throws {CniError} 50 when the set has no address left */
function checkRoom({ ranges, path }: PlacedSet, ledger: Ledger, folder: string): void {
  const { size, taken } = usage(ranges, ledger);
  if (taken < size) return;
  throw new CniError(codes.notAvailable, full(printSet(ranges), size), `at ${path}: ${remedyForFull(folder)}`);
}
