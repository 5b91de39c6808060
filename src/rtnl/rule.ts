import { NLM_F, type Query, type Request, query, request } from "../netlink/index.ts";
import { type Prefix, makePrefix, prefixIp, prefixLength } from "../values/index.ts";
import { fact } from "./_absent.ts";
import { AF, familyOrBoth } from "./family.ts";
import { INVERT, type RuleAttrs, type RuleHeader, delrule, getrule, newrule } from "./rule-message.ts";

/** A routing rule: which packets, and what becomes of them. */
export interface RuleSet {
  readonly family: 4 | 6;
  /** Rules are tried in this order; chosen by the kernel if absent. */
  readonly priority?: number;
  /** `lookup` if absent; deleting, any. */
  readonly action?: "lookup" | "goto" | "nop" | "blackhole" | "unreachable" | "prohibit";
  /** Table to look in; main (254) if absent. */
  readonly table?: number;
  /** Priority of the rule to go on with, for `goto`. */
  readonly goto?: number;
  readonly from?: Prefix;
  readonly to?: Prefix;
  /** Name of the link the packet came in by; `lo` for the machine's own. */
  readonly iif?: string;
  readonly oif?: string;
  readonly mark?: number;
  /** Bits of the mark that count; all if absent. */
  readonly mask?: number;
  readonly tos?: number;
  /** Applies to what does not match. */
  readonly not?: boolean;
  /** Look in the table of the VRF that the packet's link belongs to. */
  readonly l3mdev?: boolean;
  /** Pass over routes this short or shorter. */
  readonly suppressPrefixLength?: number;
  readonly uidRange?: readonly [number, number];
  /** IPPROTO_*. */
  readonly ipProto?: number;
  readonly sportRange?: readonly [number, number];
  readonly dportRange?: readonly [number, number];
  /** Who made it. */
  readonly protocol?: RuleAttrs["protocol"];
}

const MAIN_TABLE = 254;

/** Adds a rule; EEXIST if the very same is there. RTM_NEWRULE. */
export function addRule(spec: RuleSet): Request {
  const full = { action: "lookup", ...spec } as const;
  return request(newrule, NLM_F.CREATE | NLM_F.EXCL, headerOf(full), attrsOf(full), `add rule ${show(spec)}`);
}

/** Deletes the first rule that matches, whatever is not mentioned; ENOENT if there is none. RTM_DELRULE. */
export function delRule(spec: RuleSet): Request {
  return request(delrule, 0, headerOf(spec), attrsOf(spec), `delete rule ${show(spec)}`);
}

/** The rules of a family or of both, in order. RTM_GETRULE, a dump. */
export function listRules(family?: 4 | 6): Query<Rule> {
  const header: RuleHeader = {
    family: familyOrBoth(family),
    dstLength: 0,
    srcLength: 0,
    tos: 0,
    table: 0,
    pad: 0,
    action: "unspec",
    flags: 0,
  };
  return query(request(getrule, 0, header, {}, "list rules"), newrule, readRule);
}

/** A rule as the kernel reports it. */
export interface Rule extends Omit<RuleSet, "action"> {
  readonly priority: number;
  readonly action: RuleHeader["action"];
  readonly table: number;
}

/** A fact from a rule message; `undefined` for families other than IPv4 and IPv6. */
export function readRule(header: RuleHeader, attrs: RuleAttrs): Rule | undefined {
  if (header.family !== AF.INET && header.family !== AF.INET6) return undefined;
  const { src, dst, suppressPrefixLength } = attrs;
  return fact<Rule>({
    family: header.family === AF.INET ? 4 : 6,
    priority: attrs.priority ?? 0,
    action: header.action,
    table: attrs.table ?? header.table,
    goto: attrs.goto,
    from: src === undefined ? undefined : makePrefix(src, header.srcLength),
    to: dst === undefined ? undefined : makePrefix(dst, header.dstLength),
    iif: attrs.iif,
    oif: attrs.oif,
    mark: attrs.mark,
    mask: attrs.mask,
    tos: header.tos === 0 ? undefined : header.tos,
    not: (header.flags & INVERT) !== 0 ? true : undefined,
    l3mdev: attrs.l3mdev,
    // The kernel answers -1 where nothing is suppressed.
    suppressPrefixLength: suppressPrefixLength === 0xffff_ffff ? undefined : suppressPrefixLength,
    uidRange: attrs.uidRange,
    ipProto: attrs.ipProto,
    sportRange: attrs.sportRange,
    dportRange: attrs.dportRange,
    protocol: attrs.protocol,
  });
}

function headerOf(spec: RuleSet): RuleHeader {
  const table = tableOf(spec);
  return {
    family: familyOrBoth(spec.family),
    dstLength: spec.to === undefined ? 0 : prefixLength(spec.to),
    srcLength: spec.from === undefined ? 0 : prefixLength(spec.from),
    tos: spec.tos ?? 0,
    table: table < 256 ? table : 0,
    pad: 0,
    action: spec.action ?? "unspec",
    flags: spec.not === true ? INVERT : 0,
  };
}

function tableOf({ action, table, l3mdev }: RuleSet): number {
  return table ?? (action === "lookup" && l3mdev !== true ? MAIN_TABLE : 0);
}

function attrsOf(spec: RuleSet) {
  const table = tableOf(spec);
  return {
    priority: spec.priority,
    src: spec.from === undefined ? undefined : prefixIp(spec.from),
    dst: spec.to === undefined ? undefined : prefixIp(spec.to),
    iif: spec.iif,
    oif: spec.oif,
    mark: spec.mark,
    mask: spec.mask,
    table: table > 255 ? table : undefined,
    goto: spec.goto,
    protocol: spec.protocol,
    l3mdev: spec.l3mdev,
    suppressPrefixLength: spec.suppressPrefixLength,
    uidRange: spec.uidRange,
    ipProto: spec.ipProto,
    sportRange: spec.sportRange,
    dportRange: spec.dportRange,
  };
}

function show({ priority, from, to, table }: RuleSet): string {
  const parts = [
    priority === undefined ? "" : `${priority}:`,
    `from ${from ?? "all"}`,
    to === undefined ? "" : `to ${to}`,
    table === undefined ? "" : `lookup ${table}`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}
