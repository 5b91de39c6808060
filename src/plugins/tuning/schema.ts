import { type Call, Section, asString, invalid, memberOf, membersOf, parseArgs } from "../../cni/index.ts";
import { type Mac, parseMac } from "../../values/index.ts";

/** Where the reference keeps saved values too. */
const DATA_DIR = "/run/cni/tuning";

/** One kernel parameter of the container. */
export interface SysctlWish {
  /** As the configuration writes it. */
  readonly key: string;
  /** With slashes and the interface's name, below `/proc/sys/`. */
  readonly file: string;
  readonly value: string;
  /** Where it stands in the configuration. */
  readonly path: string;
}

export interface TuningConf {
  readonly sysctls: readonly SysctlWish[];
  readonly mac?: Mac;
  readonly promisc?: true;
  /** Bytes. */
  readonly mtu?: number;
  /** Packets. */
  readonly txQueueLen?: number;
  readonly allmulti?: boolean;
  /** Folder of the saved values. */
  readonly dataDir: string;
}

/** Reads what tuning needs; DEL and GC need the folder alone. @throws {CniError} 4, 7 */
export function parseTuning(call: Call): TuningConf {
  const conf = new Section(call.conf);
  const dataDir = conf.string("dataDir") || DATA_DIR;
  if (call.command === "DEL" || call.command === "GC") return { sysctls: [], dataDir };
  const args = conf.object("args")?.object("cni");
  const first = <T>(read: (from: Section) => T | undefined): T | undefined =>
    (args === undefined ? undefined : read(args)) ?? read(conf);
  const mac = args?.mac("mac") ?? conf.object("runtimeConfig")?.mac("mac") ?? macOfArgs(call.args) ?? conf.mac("mac");
  const promisc = first((from) => from.bool("promisc"));
  const mtu = first((from) => from.int("mtu", { min: 0, max: 0xffff_ffff }));
  const txQueueLen = first((from) => from.int("txQLen", { min: 0, max: 0xffff_ffff }));
  const allmulti = first((from) => from.bool("allmulti"));
  return {
    sysctls: sysctlsOf(conf, args, call),
    ...(mac !== undefined && { mac }),
    ...(promisc === true && { promisc }),
    ...(mtu !== undefined && mtu !== 0 && { mtu }),
    ...(txQueueLen !== undefined && { txQueueLen }),
    ...(allmulti !== undefined && { allmulti }),
    dataDir,
  };
}

function macOfArgs(text: string): Mac | undefined {
  const { MAC: mac } = parseArgs(text, ["MAC"]);
  if (mac === undefined || mac === "") return undefined;
  try {
    return parseMac(mac);
  } catch (error) {
    throw invalid("CNI_ARGS.MAC", `cannot be read: ${(error as Error).message}`, undefined, error);
  }
}

/** Those of `args` win, key by key. */
function sysctlsOf(conf: Section, args: Section | undefined, { ifname, text }: Call): readonly SysctlWish[] {
  const wishes = new Map<string, SysctlWish>();
  for (const from of [conf, args]) {
    const table = from?.object("sysctl");
    if (table === undefined) continue;
    if (text !== undefined) refuseTwins(text, table.path);
    const own = new Map<string, SysctlWish>();
    for (const key of Object.keys(table.value)) {
      const path = `${table.path}[${JSON.stringify(key)}]`;
      const file = fileOf(key, ifname, path);
      const twin = own.get(file);
      if (twin !== undefined) throw invalid(path, `is the same parameter as ${twin.key}`, "write it once");
      own.set(file, { key, file, value: asString(table.value[key], path), path });
    }
    for (const [file, wish] of own) wishes.set(file, wish);
  }
  return [...wishes.values()];
}

/** A key that is written twice has two values, and JSON's readers keep one. @throws {CniError} 7 */
function refuseTwins(text: string, place: string): void {
  // The last of several spellings may be null, where another counts.
  const membersIn = (object: string) => (object.startsWith("{") ? membersOf(object) : []);
  const table = place.split(".").reduce((object, key) => memberOf(membersIn(object), key) ?? "", text.trim());
  const keys = membersIn(table).map(({ key }) => key);
  const twin = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twin !== undefined) throw invalid(`${place}[${JSON.stringify(twin)}]`, "is written twice", "write it once");
}

function fileOf(key: string, ifname: string, path: string): string {
  const parts = key.replaceAll(".", "/").replace("IFNAME", ifname).split("/");
  const file = parts.filter((part) => part !== "").join("/");
  // Every dot became a slash, so there is no way up.
  if (file.startsWith("net/")) return file;
  throw invalid(
    path,
    `is ${JSON.stringify(key)}, no parameter of the network`,
    "write one that begins with net., such as net.core.somaxconn",
  );
}
