import { type Call, Section, asString, invalid } from "../../cni/index.ts";
import type { Statement } from "../../nft/index.ts";
import { type Family, type Ip, familyOf } from "../../values/index.ts";
import { isTakingAway, leniently } from "../_conf.ts";
import { parseConditions } from "./conditions.ts";

export type Protocol = "tcp" | "udp" | "sctp";

/** A port of the host that leads to one of the container. */
export interface Mapping {
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: Protocol;
  /** Only what comes to this address of the host. */
  readonly hostIp?: Ip;
  /** Only what comes by this family; both if absent. */
  readonly family?: Family;
}

export interface PortmapConf {
  readonly backend: "nftables" | "iptables";
  /** Whether what would not find its way back otherwise gets the host's address. */
  readonly snat: boolean;
  /** All senders get it, not only the container's own network and the host. */
  readonly masqAll: boolean;
  /** The bit of a packet's mark that says so. */
  readonly mark: number;
  /** iptables: somebody else's chain that marks packets to be masqueraded. */
  readonly setMarkChain?: string;
  readonly conditions: Readonly<Record<Family, Conditions>>;
  readonly mappings: readonly Mapping[];
}

/** What packets must be besides, in the backend's own words. */
export interface Conditions {
  readonly words: readonly string[];
  /** The same for nftables. */
  readonly statements: readonly Statement[];
}

/** As the reference: Kubernetes uses 14 and 15, Calico 20 to 31. */
const MARK_BIT = 13;
const none: Conditions = { words: [], statements: [] };

/** DEL and GC need the backend alone. @throws {CniError} 7 */
export function parsePortmap(call: Call): PortmapConf {
  const conf = new Section(call.conf);
  const nothing = { snat: true, masqAll: false, mark: bitOf(MARK_BIT), conditions: { 4: none, 6: none }, mappings: [] };
  if (isTakingAway(call)) return { ...nothing, backend: leniently(() => backendOf(conf), "nftables") };
  const backend = backendOf(conf);
  const setMarkChain = conf.string("externalSetMarkChain");
  const bit = conf.int("markMasqBit", { min: 0, max: 31 });
  if (setMarkChain !== undefined && bit !== undefined) {
    throw invalid(conf.at("markMasqBit"), "is given, and externalSetMarkChain too", "write one of them");
  }
  return {
    backend,
    snat: conf.bool("snat") ?? true,
    masqAll: conf.bool("masqAll") ?? false,
    mark: bitOf(bit ?? MARK_BIT),
    ...(setMarkChain !== undefined && { setMarkChain }),
    conditions: {
      4: conditionsOf(conf, "conditionsV4", 4, backend),
      6: conditionsOf(conf, "conditionsV6", 6, backend),
    },
    mappings: conf.object("runtimeConfig")?.list("portMappings", asMapping) ?? [],
  };
}

function bitOf(bit: number): number {
  return (1 << bit) >>> 0;
}

/** Some words only iptables understands: then it is meant. @throws {CniError} 7 for words of both, or of the other */
function backendOf(conf: Section): PortmapConf["backend"] {
  const named = conf.string("backend") || undefined;
  if (named !== undefined && named !== "nftables" && named !== "iptables") {
    throw invalid(conf.at("backend"), `is ${JSON.stringify(named)}`, "write nftables or iptables");
  }
  const speaking = [
    ...(conf.string("externalSetMarkChain") === undefined ? [] : [["externalSetMarkChain", "iptables"] as const]),
    ...(["conditionsV4", "conditionsV6"] as const).flatMap((key) => {
      const [first] = wordsOf(conf, key);
      return first === undefined ? [] : [[key, /^[-!]/.test(first) ? "iptables" : "nftables"] as const];
    }),
  ];
  const backend = named ?? speaking[0]?.[1] ?? "nftables";
  const foreign = speaking.find(([, language]) => language !== backend);
  if (foreign === undefined) return backend;
  const [key, language] = foreign;
  const fix = `write ${language} as backend, or ${key} in the words of ${backend}`;
  throw invalid(conf.at(key), `is for ${language}, but the backend is ${backend}`, fix);
}

function wordsOf(conf: Section, key: string): readonly string[] {
  return (conf.list(key, asString) ?? []).filter((word) => word !== "");
}

function conditionsOf(conf: Section, key: string, family: Family, backend: PortmapConf["backend"]): Conditions {
  const words = wordsOf(conf, key);
  return { words, statements: backend === "nftables" ? parseConditions(words, family, conf.at(key)) : [] };
}

function asMapping(value: unknown, path: string): Mapping {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(path, "is no mapping", 'write {"hostPort": 8080, "containerPort": 80, "protocol": "tcp"}');
  }
  const mapping = new Section(value as Section["value"], path);
  const port = (key: string) => mapping.int(key, { min: 1, max: 65535 });
  const hostPort = port("hostPort") ?? missing(mapping, "hostPort");
  const containerPort = port("containerPort") ?? missing(mapping, "containerPort");
  const hostIp = mapping.ip("hostIP");
  const isAny = hostIp === "0.0.0.0" || hostIp === "::";
  return {
    hostPort,
    containerPort,
    protocol: protocolOf(mapping),
    ...(hostIp !== undefined && { family: familyOf(hostIp) }),
    ...(hostIp !== undefined && !isAny && { hostIp }),
  };
}

function missing(mapping: Section, key: string): never {
  throw invalid(mapping.at(key), "is missing", "write a number from 1 to 65535");
}

function protocolOf(mapping: Section): Protocol {
  const name = (mapping.string("protocol") || "tcp").toLowerCase();
  if (name === "tcp" || name === "udp" || name === "sctp") return name;
  throw invalid(mapping.at("protocol"), `is ${JSON.stringify(name)}`, "write tcp, udp or sctp");
}
