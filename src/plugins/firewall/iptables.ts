/** The firewall through the iptables program, in the form of the reference's (cni.md 2.19); our rules have a comment, too. */
import type { Call, Work } from "../../cni/index.ts";
import { type Family, type Ip, familyOf } from "../../values/index.ts";
import { type Saved, changeIptables, hasIptables, quoted, readIptables } from "../_iptables.ts";
import type { Identity } from "../_owner.ts";
import type { StaleIptables } from "../_stale-iptables.ts";
import { FORWARD_CHAIN, commentOf, networkComment } from "./plan.ts";
import type { FirewallConf } from "./schema.ts";

const families = [4, 6] as const;
const REMEDY = "at backend: write nftables, which needs no program";
const STAGE1 = "CNI-ISOLATION-STAGE-1";
const STAGE2 = "CNI-ISOLATION-STAGE-2";
const POLICIES = '-m comment --comment "CNI firewall plugin rules (ingressPolicy: same-bridge|isolated)"';

/** @throws {CniError} 102, 100 */
export function admitByIptables(
  conf: FirewallConf,
  call: Call,
  work: Work,
  addresses: readonly Ip[],
  bridge: string | undefined,
): void {
  for (const family of families) {
    const own = addresses.filter((ip) => familyOf(ip) === family);
    if (own.length === 0) continue;
    work.undo("take away the firewall's rules", () => end(work, family, call));
    changeIptables(work, family, "filter", (saved) => setUp(conf, call, own, bridge, saved), REMEDY);
  }
}

/** Takes them away, whatever the addresses are, and the reference's for those addresses. */
export function endByIptables(call: Identity, work: Work, addresses: readonly Ip[]): void {
  for (const family of families) end(work, family, call, addresses);
}

function end(work: Work, family: Family, call: Identity, addresses: readonly Ip[] = []): void {
  if (!hasIptables(family)) return;
  const own = addresses.filter((ip) => familyOf(ip) === family);
  changeIptables(work, family, "filter", (saved) => tearDown(call, own, saved), REMEDY);
}

/** What GC takes away: ours alone, for the reference's do not say whose they are. */
export const staleAdmissions: StaleIptables = {
  table: "filter",
  chain: FORWARD_CHAIN,
  remedy: REMEDY,
  commands(saved, network, valid) {
    const kept = valid.map(ourWords);
    return saved
      .commented(networkComment(network))
      .filter((rule) => rule.startsWith(`-A ${FORWARD_CHAIN} `) && !kept.some((words) => rule.includes(words)))
      .map((rule) => `-D${rule.slice(2)}`);
  },
};

/** As a rule of ours has it; the blank at its end sees that no other comment begins so. */
function ourWords(call: Identity): string {
  return `--comment ${quoted(commentOf(call))} `;
}

/** The commands that take an attachment's rules away, by the rules there are. */
export function tearDown(call: Identity, addresses: readonly Ip[], saved: Saved): readonly string[] {
  const ours = ourWords(call);
  const theirs = addresses.flatMap((ip) => [accepting(ip, ""), sending(ip, "")]);
  return saved
    .rulesOf(FORWARD_CHAIN)
    .filter((rule) => rule.includes(ours) || theirs.includes(rule))
    .map((rule) => `-D${rule.slice(2)}`);
}

/** What is not there. @throws {CniError} 102, 100 */
export function missingInIptables(
  conf: FirewallConf,
  call: Identity,
  addresses: readonly Ip[],
  bridge: string | undefined,
): readonly string[] {
  return families.flatMap((family) => {
    const own = addresses.filter((ip) => familyOf(ip) === family);
    if (own.length === 0) return [];
    const saved = readIptables(family, "filter", REMEDY);
    const [ours, theirs] = [commentWords(call), ""].map((words) =>
      own.flatMap((ip) => [accepting(ip, words), sending(ip, words)]),
    ) as [string[], string[]];
    // The reference's ADD may have made them.
    const rules = theirs.every((rule) => saved.has(rule)) ? [] : ours.filter((rule) => !saved.has(rule));
    const leading = [...(bridge === undefined ? [] : [STAGE1]), FORWARD_CHAIN];
    const lost = leading.filter((chain) => !saved.jumpsTo(chain).some((line) => line.startsWith("-A FORWARD ")));
    return [...lost.map((chain) => `-A FORWARD … -j ${chain}`), ...rules, ...lostPolicy(conf, bridge, saved)];
  });
}

function lostPolicy({ policy }: FirewallConf, bridge: string | undefined, saved: Saved): readonly string[] {
  return bridge === undefined ? [] : stage1Rules(policy, bridge).filter((rule) => !saved.has(`-A ${rule}`));
}

/** The commands that admit an attachment's addresses, by the rules there are. */
export function setUp(
  { adminChain, policy }: FirewallConf,
  call: Identity,
  addresses: readonly Ip[],
  bridge: string | undefined,
  saved: Saved,
): readonly string[] {
  const words = commentWords(call);
  const forward = `FORWARD -m comment --comment "CNI firewall plugin rules" -j ${FORWARD_CHAIN}`;
  const admin = `${FORWARD_CHAIN} -m comment --comment "CNI firewall plugin admin overrides" -j ${adminChain}`;
  return [
    ...[FORWARD_CHAIN, adminChain].filter((chain) => !saved.hasChain(chain)).map((chain) => `-N ${chain}`),
    ...first(saved, forward),
    ...first(saved, admin),
    ...tearDown(call, [], saved),
    ...addresses.flatMap((ip) => [accepting(ip, words), sending(ip, words)]),
    ...(bridge === undefined ? [] : policyCommands(policy, bridge, saved)),
  ];
}

/** Inserts `CHAIN WORDS` at the chain's beginning, if it is not in it. */
function first(saved: Saved, rule: string): readonly string[] {
  return saved.has(`-A ${rule}`) ? [] : [`-I ${rule.replace(" ", " 1 ")}`];
}

function last(saved: Saved, rule: string): readonly string[] {
  return saved.has(`-A ${rule}`) ? [] : [`-A ${rule}`];
}

/** Bridges with a policy are kept apart from one another; one that is isolated is closed in itself, too. They stay. */
function policyCommands(policy: FirewallConf["policy"], bridge: string, saved: Saved): readonly string[] {
  return [
    ...[STAGE1, STAGE2].filter((chain) => !saved.hasChain(chain)).map((chain) => `-N ${chain}`),
    ...stage1Rules(policy, bridge).flatMap((rule) => first(saved, rule)),
    ...last(saved, `${STAGE1} ${POLICIES} -j RETURN`),
    ...first(saved, `${STAGE2} -o ${bridge} ${POLICIES} -j DROP`),
    ...last(saved, `${STAGE2} ${POLICIES} -j RETURN`),
    ...first(saved, `FORWARD ${POLICIES} -j ${STAGE1}`),
  ];
}

function stage1Rules(policy: FirewallConf["policy"], bridge: string): readonly string[] {
  const comment = `-m comment --comment "CNI firewall plugin rules (ingressPolicy: ${policy})"`;
  return [
    `${STAGE1} -i ${bridge} ! -o ${bridge} ${comment} -j ${STAGE2}`,
    ...(policy === "isolated" ? [`${STAGE1} -i ${bridge} -o ${bridge} ${comment} -j DROP`] : []),
  ];
}

function commentWords(call: Identity): string {
  return ` -m comment --comment ${quoted(commentOf(call))}`;
}

/** As `iptables-save` writes them, so that CHECK finds them. */
function accepting(ip: Ip, words: string): string {
  return `-A ${FORWARD_CHAIN} -d ${host(ip)} -m conntrack --ctstate RELATED,ESTABLISHED${words} -j ACCEPT`;
}

function sending(ip: Ip, words: string): string {
  return `-A ${FORWARD_CHAIN} -s ${host(ip)}${words} -j ACCEPT`;
}

function host(ip: Ip): string {
  return `${ip}/${familyOf(ip) === 4 ? 32 : 128}`;
}
