import { CniError, codes } from "../../cni/index.ts";
import { type Allocation, type Owner, printSet } from "../../ipam/index.ts";
import type { HostLocalConf } from "./schema.ts";

/** Why there is no address, and what to do. */
export function refusal(
  answer: Exclude<Allocation, { kind: "allocated" }>,
  { sets, folder }: HostLocalConf,
  owner: Owner,
): CniError {
  const set = "set" in answer ? sets[answer.set] : undefined;
  const range = set === undefined ? "" : printSet(set.ranges);
  const at = set === undefined ? "" : `at ${set.path}: `;
  switch (answer.kind) {
    case "exhausted":
      return new CniError(codes.exhausted, full(range, answer.size), `${at}${remedyForFull(folder)}`);
    case "duplicate":
      return new CniError(
        codes.exists,
        `cannot reserve an address for ${printOwner(owner)}: it has ${answer.ips.join(", ")} of ${range} already`,
        `in ${folder}: DEL comes before another ADD`,
      );
    case "taken":
      return new CniError(
        codes.addressTaken,
        `the requested address ${answer.ip} of ${range} is reserved for ${printOwner(answer.by)}`,
        `${at}ask for another, or DEL what has it; its reservation is ${folder}/${answer.ip}`,
      );
    case "gateway":
      return new CniError(
        codes.addressTaken,
        `the requested address ${answer.ip} is the gateway of its range`,
        `${at}ask for another of ${range}`,
      );
    case "outside":
      return new CniError(
        codes.addressTaken,
        `the requested ${named(answer.ips)} in none of the ranges`,
        sets.map(({ ranges, path }) => `${path} has ${printSet(ranges)}`).join("; "),
      );
    case "too-many":
      return new CniError(
        codes.addressTaken,
        `the requested ${named(answer.ips)} one too many: each range set gives one address`,
        `ask for one of ${sets.map(({ ranges }) => printSet(ranges)).join(", and one of ")}`,
      );
    default:
      return answer satisfies never;
  }
}

/** What is said of a range without a free address. */
export function full(range: string, size: bigint): string {
  return size === 1n
    ? `no address is left: the only one of ${range} is reserved`
    : `no address is left: all ${size} of ${range} are reserved`;
}

export function remedyForFull(folder: string): string {
  return `make the range larger, or free what is not used any more: the reservations are the files of ${folder}, and GC removes those of attachments that are gone`;
}

export function printOwner(owner: Owner | undefined): string {
  if (owner === undefined) return "nobody known";
  const { containerId, ifname } = owner;
  return ifname === undefined ? `container ${containerId}` : `container ${containerId}, interface ${ifname}`;
}

function named(ips: readonly string[]): string {
  return ips.length === 1 ? `address ${ips.join()} is` : `addresses ${ips.join(", ")} are`;
}
