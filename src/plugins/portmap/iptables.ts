/** Published ports through the iptables program, in the form of the reference's (cni.md 2.19). */
import type { Call, Work } from "../../cni/index.ts";
import { type Family, type Prefix, networkOf, prefixIp } from "../../values/index.ts";
import {
  type Saved,
  changeIptables,
  commentWords,
  namedComment,
  networkComment,
  quoted,
  readIptables,
  removeChains,
} from "../_iptables.ts";
import type { Identity } from "../_owner.ts";
import { type StaleIptables, staleChains } from "../_stale-iptables.ts";
import { chainOf, referenceChains } from "./names.ts";
import { type Addresses, mappingsOf } from "./plan.ts";
import type { Mapping, PortmapConf } from "./schema.ts";

const families = [4, 6] as const;
const REMEDY = "at backend: write nftables, which needs no program";
const DNAT = "CNI-HOSTPORT-DNAT";
const SETMARK = "CNI-HOSTPORT-SETMARK";
const MASQ = "CNI-HOSTPORT-MASQ";
/** So many ports a rule of `-m multiport` can have. */
const MOST_PORTS = 15;

/** @throws {CniError} 102, 100 */
export function publishByIptables(conf: PortmapConf, call: Call, work: Work, addresses: Addresses): void {
  for (const family of families) {
    const address = addresses[family];
    if (address === undefined || mappingsOf(conf.mappings, family).length === 0) continue;
    work.undo("withdraw published ports", () => end(work, family, [chainOf(call)]));
    changeIptables(work, family, "nat", (saved) => setUp(conf, call, family, address, saved), REMEDY);
  }
}

/** Withdraws them, whatever they are; those too that the reference published. */
export function endByIptables(call: Identity, work: Work): void {
  for (const family of families) end(work, family, [chainOf(call), ...referenceChains(call)]);
}

function end(work: Work, family: Family, chains: readonly string[]): void {
  removeChains(work, family, "nat", chains, REMEDY);
}

/** What GC takes away. */
export const stalePorts: StaleIptables = {
  table: "nat",
  chain: DNAT,
  remedy: REMEDY,
  commands: (saved, network, valid) =>
    staleChains(
      saved,
      `dnat ${networkComment(network)}`,
      /^CNI-DN-[0-9a-f]{21}$/,
      valid.flatMap((one) => [chainOf(one), ...referenceChains(one)]),
    ),
};

/** What of the attachment's rules is not there. @throws {CniError} 102, 100 */
export function missingInIptables(conf: PortmapConf, call: Identity, addresses: Addresses): readonly string[] {
  return families.flatMap((family) => {
    const address = addresses[family];
    const mappings = mappingsOf(conf.mappings, family);
    if (address === undefined || mappings.length === 0) return [];
    const saved = readIptables(family, "nat", REMEDY);
    const chain = saved.hasChain(chainOf(call)) ? chainOf(call) : (referenceChains(call)[0] as string);
    const rules = ownRules(conf, chain, mappings, family, address);
    const missing = rules.filter((rule) => !saved.has(rule));
    return missing.length > 0 || saved.jumpsTo(chain).length > 0 ? missing : [`-A ${DNAT} … -j ${chain}`];
  });
}

/** The commands that publish an attachment's ports, by the rules there are. */
export function setUp(
  conf: PortmapConf,
  call: Identity,
  family: Family,
  address: Prefix,
  saved: Saved,
): readonly string[] {
  const mappings = mappingsOf(conf.mappings, family);
  const chain = chainOf(call);
  return [
    ...(conf.snat && conf.setMarkChain === undefined ? markChains(conf.mark, saved) : []),
    ...shared(
      saved,
      DNAT,
      ["PREROUTING", "OUTPUT"].map((hook) => `-A ${hook} -m addrtype --dst-type LOCAL -j ${DNAT}`),
    ),
    ...saved.removal(chain),
    `-N ${chain}`,
    ...entryRules(conf, call, mappings, family).map((rule) => `-A ${DNAT} ${rule} -j ${chain}`),
    ...ownRules(conf, chain, mappings, family, address),
  ];
}

/** A chain of all attachments, with rules that lead to it or are in it, as far as they are not there. */
function shared(saved: Saved, chain: string, rules: readonly string[]): readonly string[] {
  return [...(saved.hasChain(chain) ? [] : [`-N ${chain}`]), ...rules.filter((rule) => !saved.has(rule))];
}

function markChains(mark: number, saved: Saved): readonly string[] {
  const bits = `0x${mark.toString(16)}/0x${mark.toString(16)}`;
  const setMark = `-A ${SETMARK} -m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark ${bits}`;
  const way = `POSTROUTING -m comment --comment "CNI portfwd requiring masquerade" -j ${MASQ}`;
  return [
    ...shared(saved, SETMARK, [setMark]),
    ...shared(saved, MASQ, [`-A ${MASQ} -m mark --mark ${bits} -j MASQUERADE`]),
    // Before the masquerading of plugins, which would let some of it pass.
    ...(saved.has(`-A ${way}`) ? [] : [`-I ${way.replace("POSTROUTING", "POSTROUTING 1")}`]),
  ];
}

/** Which packets come to the attachment's chain. */
function entryRules(
  { conditions }: PortmapConf,
  call: Identity,
  mappings: readonly Mapping[],
  family: Family,
): readonly string[] {
  const comment = commentWords(`dnat ${namedComment(call)}`);
  const words = conditions[family].words.flatMap((word) => word.split(/\s+/)).map(quoted);
  return (["sctp", "tcp", "udp"] as const).flatMap((protocol) => {
    const ports = mappings.filter((one) => one.protocol === protocol).map(({ hostPort }) => hostPort);
    const rules: string[] = [];
    for (let at = 0; at < ports.length; at += MOST_PORTS) {
      const some = ports.slice(at, at + MOST_PORTS).join(",");
      rules.push([`-p ${protocol} ${comment} -m multiport --dports ${some}`, ...words].join(" "));
    }
    return rules;
  });
}

/** As `iptables-save` writes them, so that CHECK finds them. */
function ownRules(
  { snat, masqAll, setMarkChain = SETMARK }: PortmapConf,
  chain: string,
  mappings: readonly Mapping[],
  family: Family,
  address: Prefix,
): readonly string[] {
  const ip = prefixIp(address);
  const sources = masqAll ? [""] : [`-s ${networkOf(address)} `, ...(family === 4 ? ["-s 127.0.0.1/32 "] : [])];
  return mappings.flatMap(({ hostIp, protocol, hostPort, containerPort }) => {
    const to = hostIp === undefined ? "" : `-d ${hostIp}/${family === 4 ? 32 : 128} `;
    const what = `-p ${protocol} -m ${protocol} --dport ${hostPort}`;
    const target = family === 4 ? `${ip}:${containerPort}` : `[${ip}]:${containerPort}`;
    return [
      ...(snat ? sources.map((source) => `-A ${chain} ${source}${to}${what} -j ${setMarkChain}`) : []),
      `-A ${chain} ${to}${what} -j DNAT --to-destination ${target}`,
    ];
  });
}
