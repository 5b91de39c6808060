import {
  type Call,
  type Reader,
  type Route,
  Section,
  asList,
  asSection,
  asString,
  invalid,
  parseArgs,
  readArg,
  resultIp,
  routesOf,
} from "../../cni/index.ts";
import { type RangeSet, checkSets, familyOfSet, readRange } from "../../ipam/index.ts";
import type { Ip } from "../../values/index.ts";
import { told } from "./told.ts";

/** Where the reference keeps reservations too. */
const DATA_DIR = "/var/lib/cni/networks";

/** Ranges from which one address is taken, and where they stand in the configuration. */
export interface PlacedSet {
  readonly ranges: RangeSet;
  readonly path: string;
}

export interface HostLocalConf {
  /** Folder of this network's reservations. */
  readonly folder: string;
  readonly sets: readonly PlacedSet[];
  /** Addresses somebody asks for, most important first. */
  readonly requested: readonly Ip[];
  readonly routes: readonly Route[];
  /** A file as resolv.conf(5), whose content is told as DNS. */
  readonly resolvConf?: string;
}

/** Reads what host-local needs; DEL and GC need the folder alone. @throws {CniError} 4, 7 */
export function parseHostLocal(call: Call): HostLocalConf {
  const conf = new Section(call.conf);
  const gone = call.command === "DEL" || call.command === "GC";
  const ipam = gone ? conf.object("ipam") : conf.need("ipam", asSection);
  const folder = `${ipam?.string("dataDir") || DATA_DIR}/${call.network}`;
  if (gone || ipam === undefined) return { folder, sets: [], requested: [], routes: [] };
  const sets = setsOf(conf, ipam);
  checkFamilies(call, sets);
  const resolvConf = ipam.string("resolvConf");
  return {
    folder,
    sets,
    requested: requestedOf(conf, call.args),
    routes: routesOf(ipam) ?? [],
    ...(resolvConf && { resolvConf }),
  };
}

/** What the runtime gives comes first, then the one range of the old style, then the list. */
function setsOf(conf: Section, ipam: Section): readonly PlacedSet[] {
  const runtime = conf.object("runtimeConfig")?.list("ipRanges", asSet) ?? [];
  const subnet = ipam.raw("subnet");
  const old: readonly PlacedSet[] =
    subnet === undefined || subnet === "" ? [] : [{ ranges: [asRange(ipam.value, ipam.path)], path: ipam.path }];
  const sets = [...runtime, ...old, ...(ipam.list("ranges", asSet) ?? [])];
  if (sets.length === 0)
    throw invalid(
      ipam.at("ranges"),
      "is missing",
      'say which addresses may be given, as in [[{"subnet": "10.1.0.0/16"}]]',
    );
  const whereOf = (set: number, range?: number): string => {
    const path = sets[set]?.path ?? "";
    return range === undefined || path === ipam.path ? path : `${path}[${range}]`;
  };
  told(() =>
    checkSets(
      sets.map(({ ranges }) => ranges),
      whereOf,
    ),
  );
  return sets;
}

const asSet: Reader<PlacedSet> = (value, path) => ({ ranges: asList(value, path, asRange), path });

const asRange: Reader<RangeSet[number]> = (value, path) => {
  const range = asSection(value, path);
  const optional = (key: "rangeStart" | "rangeEnd" | "gateway") => {
    const text = range.string(key);
    return text === undefined || text === "" ? {} : { [key]: text };
  };
  const text = {
    subnet: range.need("subnet", asString),
    ...optional("rangeStart"),
    ...optional("rangeEnd"),
    ...optional("gateway"),
  };
  return told(() => readRange(text, path));
};

/** Results of 0.1.0 and 0.2.0 have room for one address of a family. */
function checkFamilies({ version }: Call, sets: readonly PlacedSet[]): void {
  if (version !== "0.1.0" && version !== "0.2.0") return;
  const families = sets.map(({ ranges }) => familyOfSet(ranges));
  const second = families.findIndex((family, i) => families.indexOf(family) !== i);
  const path = sets[second]?.path;
  if (path === undefined) return;
  throw invalid(
    path,
    `is the second set of IPv${families[second]} ranges, and CNI ${version} has one address of each family`,
    "remove it, or make cniVersion 0.3.0 or newer",
  );
}

/** All that ask are heard; a length after the address means nothing. */
function requestedOf(conf: Section, args: string): readonly Ip[] {
  const { IP: ip = "" } = parseArgs(args, ["IP"]);
  return [
    ...(ip === "" ? [] : [readArg("IP", ip, asAddress, "write IP=10.1.0.5: one address")]),
    ...(conf.object("args")?.object("cni")?.list("ips", asAddress) ?? []),
    ...(conf.object("runtimeConfig")?.list("ips", asAddress) ?? []),
  ];
}

const asAddress: Reader<Ip> = (value, path) => {
  const text = asString(value, path);
  const slash = text.indexOf("/");
  return resultIp(slash < 0 ? text : text.slice(0, slash), path);
};
