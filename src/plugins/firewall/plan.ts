import type { LinkFact, Op, OpOf } from "../../change/index.ts";
import { type Call, CniError, HOST, type Result, codes } from "../../cni/index.ts";
import {
  type Element,
  type Owned,
  type Rule,
  accept,
  drop,
  hasAny,
  is,
  isIn,
  isNot,
  jump,
  ownChain,
  rule,
} from "../../nft/index.ts";
import { type Family, type Ip, familyOf, prefixIp } from "../../values/index.ts";
import { type Identity, networkPrefix, ownerOf } from "../_owner.ts";
import type { IngressPolicy } from "./schema.ts";
import { FROM, TO, firewallTable } from "./table.ts";

const families = [4, 6] as const;
/** The chain of the reference's rules, in iptables' filter table. */
export const FORWARD_CHAIN = "CNI-FORWARD";

/** All addresses of a result: those that the plugins before gave the container. */
export function addressesOf({ ips = [] }: Result): readonly Ip[] {
  return [...new Set(ips.map(({ address }) => prefixIp(address)))];
}

/** The device behind which the containers of a network are: as in the reference, the first of the result. @throws {CniError} 7 */
export function bridgeOf({ interfaces = [] }: Result, policy: IngressPolicy): string | undefined {
  if (policy === "open") return undefined;
  const [first] = interfaces;
  if (first !== undefined && !first.sandbox) return first.name;
  throw new CniError(
    codes.invalidConfig,
    `cannot keep to ingressPolicy ${policy}: the plugin before has made no bridge`,
    `at prevResult.interfaces[0]: it is ${first === undefined ? "missing" : `${first.name} in the container`}; put firewall behind bridge, or write ingressPolicy open`,
  );
}

/** What is forwarded to and from an attachment's addresses. */
export function firewallPut(
  identity: Identity,
  addresses: readonly Ip[],
  policy: IngressPolicy,
  bridge?: string,
): OpOf<"nft.put"> {
  const owner = ownerOf(identity);
  const own: Owned = {
    rules: {
      [TO]: [
        ...(bridge === undefined ? [] : policyRules(policy, bridge)),
        rule([hasAny("ct state", "established", "related"), accept]),
      ],
      [FROM]: [rule([accept])],
    },
    elements: families.flatMap((family) => {
      const keys = addresses.filter((ip) => familyOf(ip) === family);
      if (keys.length === 0) return [];
      const leading = (role: string): readonly Element[] =>
        keys.map((ip) => ({ key: [ip], to: jump(ownChain(role, owner)) }));
      return [
        { set: `to${family}`, elements: leading(TO) },
        { set: `from${family}`, elements: leading(FROM) },
        ...(bridge === undefined ? [] : [{ set: `policed${family}`, elements: keys.map((ip) => ({ key: [ip] })) }]),
      ];
    }),
  };
  // The address is the attachment's now: whoever had it before left without a word.
  return { do: "nft.put", netns: HOST, table: firewallTable, owner, own, taking: true };
}

/** Containers behind other bridges that have a policy, too, are kept out; of an isolated one those behind its own bridge as well. */
function policyRules(policy: IngressPolicy, bridge: string): readonly Rule[] {
  const fromOthers = (family: Family): Rule =>
    rule([isNot("iifname", bridge), isIn(family === 4 ? "ip saddr" : "ip6 saddr", `policed${family}`), drop]);
  return [
    ...families.map(fromOthers),
    ...(policy === "isolated" ? [rule([is("iifname", bridge), is("oifname", bridge), drop])] : []),
  ];
}

/**
 * Frames between ports of a bridge do not meet the rules of forwarding, unless br_netfilter is loaded: the port itself keeps those
 * of other isolated ports out.
 */
export function isolatePort(policy: IngressPolicy, host: LinkFact | undefined): readonly Op[] {
  if (policy !== "isolated" || host?.port === undefined || host.port.isolated === true) return [];
  const was = { port: { isolated: false } };
  return [{ do: "link.set", netns: HOST, name: host.name, set: { port: { isolated: true } }, was }];
}

/** The port is as open as before; if it is still there. */
export function openPort(policy: IngressPolicy, host: LinkFact | undefined): readonly Op[] {
  if (policy !== "isolated" || host?.port?.isolated !== true) return [];
  const was = { port: { isolated: true } };
  return [{ do: "link.set", netns: HOST, name: host.name, set: { port: { isolated: false } }, was }];
}

/** Takes away an attachment's rules, whatever its addresses are. */
export function firewallDelete(identity: Identity): Op {
  return { do: "nft.delete", netns: HOST, table: firewallTable, owner: ownerOf(identity) };
}

/** What marks our rules in the tables of iptables. */
export function commentOf(identity: Identity): string {
  return `netloom ${ownerOf(identity)}`;
}

/** How the marks of a network begin. */
export function networkComment(network: string): string {
  return `netloom ${networkPrefix(network)}`;
}

/**
 * Takes away what iptables was told: rules of nf_tables they are, too. Ours are known by their comment, the reference's by the
 * address alone.
 */
export function firewallClear(call: Call, addresses: readonly Ip[]): readonly Op[] {
  const tables = { 4: { family: "ip", name: "filter" }, 6: { family: "ip6", name: "filter" } } as const;
  return families.flatMap((family): readonly Op[] => {
    const table = tables[family];
    const clear = (what: OpOf<"nft.clear">["what"]): Op => ({ do: "nft.clear", netns: HOST, table, what });
    const own = addresses.filter((ip) => familyOf(ip) === family);
    return [clear({ comment: commentOf(call) }), ...own.map((address) => clear({ rulesOf: FORWARD_CHAIN, address }))];
  });
}
