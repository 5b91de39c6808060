import type { LinkSpec, Op } from "../../change/index.ts";
import { NetlinkError, type Refusal, describeRefusal } from "../../netlink/index.ts";
import { NetnsError } from "../../netns/index.ts";
import { SysError, errno } from "../../sys/index.ts";
import { OpError } from "../error.ts";

/** What a kernel needs for an op, by the name of its build option. */
function feature(op: Op): string | undefined {
  const isVlanAware = op.do === "link.add" && op.link.kind === "bridge" && op.link.data?.vlanFiltering === true;
  if (isVlanAware || op.do === "vlan.add") return "CONFIG_BRIDGE_VLAN_FILTERING";
  if (op.do === "link.add") return `CONFIG_${kernelOption[op.link.kind] ?? op.link.kind.toUpperCase()}`;
  if (op.do === "qdisc.put") return `CONFIG_NET_SCH_${op.qdisc.kind.toUpperCase()}`;
  if (op.do === "redirect.add") return "CONFIG_NET_SCH_INGRESS, CONFIG_NET_CLS_U32 or CONFIG_NET_ACT_MIRRED";
  if (op.do === "nft.put") {
    const families = { ip: "IPV4", ip6: "IPV6", inet: "INET", bridge: "BRIDGE", netdev: "NETDEV" } as const;
    return `CONFIG_NF_TABLES, CONFIG_NF_TABLES_${families[op.table.family]} or one of CONFIG_NFT_*`;
  }
  return undefined;
}

const kernelOption: Readonly<Record<string, string>> = {
  vlan: "VLAN_8021Q",
  ip6tnl: "IPV6_TUNNEL",
  ipip: "NET_IPIP",
  sit: "IPV6_SIT",
  gre: "NET_IPGRE",
  gretap: "NET_IPGRE",
  ip6gre: "IPV6_GRE",
  ip6gretap: "IPV6_GRE",
  vrf: "NET_VRF",
};

export function opErrorOfRefusal(index: number, op: Op, refusal: Refusal, done: readonly number[]): OpError {
  const code = codeOf(op, refusal.errno, refusal.sentence);
  const more = op.do === "addr.add" && isWithoutIpv6(refusal.sentence) ? allowIpv6(op.dev) : advice(code, op);
  return new OpError(code, index, op, `${describeRefusal(refusal)}${more}`, { done });
}

/** Why this kernel cannot make such a link, and what to do; nothing where the refusal has another reason. */
export function whyUnsupported(link: LinkSpec, refusal: Refusal): string | undefined {
  const op: Op = { do: "link.add", netns: "", link };
  const code = codeOf(op, refusal.errno, refusal.sentence);
  return code === "unsupported" ? `${describeRefusal(refusal)}${advice(code, op)}` : undefined;
}

/** Whatever went wrong at an op, as an {@link OpError}. */
export function opErrorOf(index: number, op: Op, error: unknown, done: readonly number[]): OpError {
  if (error instanceof OpError) return error;
  if (error instanceof NetlinkError && (op.do === "nft.put" || op.do === "nft.delete" || op.do === "nft.clear"))
    return nftError(index, op, error, done);
  if (error instanceof NetlinkError && error.refusal !== undefined)
    return opErrorOfRefusal(index, op, error.refusal, done);
  if (error instanceof NetlinkError) return new OpError("refused", index, op, error.message, { cause: error, done });
  if (error instanceof SysError) {
    const code = codeOf(op, error.errno, undefined);
    return new OpError(code, index, op, `${error.message}${advice(code, op)}`, { cause: error, done });
  }
  if (error instanceof NetnsError) {
    return new OpError(error.code === "exists" ? "exists" : "refused", index, op, error.message, {
      cause: error,
      done,
    });
  }
  throw error;
}

/** One op is many requests, so the reason says which was refused. */
function nftError(index: number, op: Op, error: NetlinkError, done: readonly number[]): OpError {
  const { errno: number, path } = error.refusal ?? {};
  // Families and expressions are modules of the kernel: "expressions.2.name" is one that it has not.
  const isUnknown = path !== undefined && /(^|\.)expressions\.\d+\.name$/.test(path);
  // EOPNOTSUPP is said also of a rule in a hook that does not allow it. Without nf_tables already the first question is invalid.
  const isLacking =
    number === errno("EAFNOSUPPORT") ||
    (number === errno("ENOENT") && isUnknown) ||
    (number === errno("EINVAL") && error.doing.startsWith("get "));
  const code = isLacking ? "unsupported" : number === undefined ? "refused" : codeOf(op, number, undefined);
  return new OpError(code, index, op, `${error.message}${advice(code, op)}`, { cause: error, done });
}

function codeOf(op: Op, number: number, sentence: string | undefined): OpError["code"] {
  if (isWithoutIpv6(sentence)) return "refused";
  if (number === errno("EPERM") || number === errno("EACCES")) return "denied";
  if (number === errno("EEXIST")) return "exists";
  if (number === errno("EOPNOTSUPP") && (op.do === "link.add" || op.do === "vlan.add")) return "unsupported";
  // "TC classifier not found", "Failed to load TC action module".
  if (op.do === "redirect.add" && /unknown|not found|Failed to load/i.test(sentence ?? "")) return "unsupported";
  // "Specified qdisc kind is unknown", "Unknown device type": the kernel's words for a missing module.
  if (/unknown/i.test(sentence ?? "") && (op.do === "qdisc.put" || op.do === "link.add")) return "unsupported";
  return "refused";
}

/** "IPv6 is disabled on this device" comes with EACCES, and no privilege helps. */
function isWithoutIpv6(sentence: string | undefined): boolean {
  return sentence?.includes("IPv6 is disabled") === true;
}

function allowIpv6(dev: string): string {
  return `; somebody has switched it off: set net.ipv6.conf.all.disable_ipv6 and net.ipv6.conf.${dev}.disable_ipv6 to 0 there`;
}

function advice(code: OpError["code"], op: Op): string {
  const missing = code === "unsupported" ? feature(op) : undefined;
  return missing === undefined
    ? ""
    : `; this kernel lacks ${missing}: load its module or use a kernel that has it ('netloom doctor' lists them)`;
}
