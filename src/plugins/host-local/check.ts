import { type Call, CniError, codes } from "../../cni/index.ts";
import { FileStore, type Ledger, printSet, rangeWith, usage } from "../../ipam/index.ts";
import { prefixIp } from "../../values/index.ts";
import { ownerOf } from "./plan.ts";
import { full, printOwner, remedyForFull } from "./refusal.ts";
import type { HostLocalConf, PlacedSet } from "./schema.ts";
import { told } from "./told.ts";

/** Each address of the result that is of these ranges is still reserved for the attachment. @throws {CniError} 105, 106 */
export function checkReserved({ folder, sets }: HostLocalConf, call: Call): void {
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
}

/** Each range set has an address left. @throws {CniError} 50 when one has none, or the reservations cannot be read */
export function needRoom({ folder, sets }: HostLocalConf): void {
  try {
    told(() => new FileStore(folder).read((ledger) => sets.forEach((set) => checkRoom(set, ledger, folder))));
  } catch (error) {
    if (!(error instanceof CniError) || error.code !== codes.storage) throw error;
    throw new CniError(codes.notAvailable, error.message, error.details, { cause: error });
  }
}

function checkRoom({ ranges, path }: PlacedSet, ledger: Ledger, folder: string): void {
  const { size, taken } = usage(ranges, ledger);
  if (taken < size) return;
  throw new CniError(codes.notAvailable, full(printSet(ranges), size), `at ${path}: ${remedyForFull(folder)}`);
}
