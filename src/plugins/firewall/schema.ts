import { type Call, Section, invalid } from "../../cni/index.ts";
import { isTakingAway, leniently } from "../_conf.ts";

const backends = ["nftables", "iptables", "firewalld"] as const;
const policies = ["open", "same-bridge", "isolated"] as const;

export type Backend = (typeof backends)[number];
export type IngressPolicy = (typeof policies)[number];

export interface FirewallConf {
  /** Absent: what this host's other rules are made with. */
  readonly backend?: Backend;
  /** Who may begin a connection to the container. */
  readonly policy: IngressPolicy;
  /** iptables: the administrator's own rules, which come before ours. */
  readonly adminChain: string;
  /** firewalld: what the container's addresses belong to. */
  readonly zone: string;
}

/** @throws {CniError} 7 */
export function parseFirewall(call: Call): FirewallConf {
  const conf = new Section(call.conf);
  const text = (key: string, otherwise: string) => conf.string(key) || otherwise;
  const lenient = isTakingAway(call);
  const read = <T>(what: () => T, otherwise: T): T => (lenient ? leniently(what, otherwise) : what());
  const backend = read(() => oneOf(conf, "backend", backends), undefined);
  return {
    ...(backend !== undefined && { backend }),
    policy: read(() => oneOf(conf, "ingressPolicy", policies), undefined) ?? "open",
    adminChain: read(() => chainName(conf, text("iptablesAdminChainName", "CNI-ADMIN")), "CNI-ADMIN"),
    zone: read(() => text("firewalldZone", "trusted"), "trusted"),
  };
}

function oneOf<T extends string>(conf: Section, key: string, values: readonly T[]): T | undefined {
  const text = conf.string(key) || undefined;
  const found = values.find((value) => value === text);
  if (text === undefined || found !== undefined) return found;
  throw invalid(conf.at(key), `is ${JSON.stringify(text)}`, `write ${values.join(", ")}, or leave it out`);
}

/** XT_EXTENSION_MAXNAMELEN without the closing NUL, as iptables takes it. */
function chainName(conf: Section, name: string): string {
  if (/^[\w.:+-]{1,28}$/.test(name) && !name.startsWith("-")) return name;
  throw invalid(
    conf.at("iptablesAdminChainName"),
    `is ${JSON.stringify(name)}`,
    "write the name of a chain, at most 28 letters, digits and -_.:+",
  );
}
