import type { Field, FlagField, Value } from "./field.ts";

/** What becomes of a packet: decided here, or in another chain of the same table. */
export type Verdict =
  | { readonly verdict: "accept" | "drop" | "return" }
  | { readonly verdict: "jump" | "goto"; readonly chain: string };

/** The comparison of a field with one value. */
export type Comparison = "==" | "!=" | "<=" | ">=" | "<" | ">";

/** A value that can be changed on the way: what `nft` writes as `meta mark set …`. */
export type Mutable = "meta mark" | "ct mark";

/**
 * One step of a rule, as data: the rule goes on with the next only where this one matches. Values are texts and numbers as a
 * person would write them: an address or prefix, a MAC address, a port, the name of an interface (`veth*` for all that begin so).
 */
export type Statement =
  | { readonly match: Field; readonly op?: Comparison; readonly value: Value; readonly mask?: number }
  /** At least one of the flags. */
  | { readonly match: FlagField; readonly any: readonly string[] }
  | { readonly match: readonly Field[]; readonly in: string; readonly op?: "!=" }
  /** The verdict that a map has for these fields; goes on where it has none. */
  | { readonly vmap: string; readonly by: readonly Field[] }
  /** Only the bits of `mask`; all if absent. */
  | { readonly set: Mutable; readonly to: number; readonly mask?: number }
  | { readonly set: Mutable; readonly from: Mutable }
  | {
      readonly nat: "dnat" | "snat";
      readonly family: 4 | 6;
      readonly to: { readonly ip: string; readonly port?: number };
    }
  /** Address, or address and port, from a map by these fields. */
  | { readonly nat: "dnat" | "snat"; readonly family: 4 | 6; readonly map: string; readonly by: readonly Field[] }
  | { readonly nat: "masquerade"; readonly ports?: "random" | "fully-random" }
  | { readonly nat: "redirect"; readonly port: number }
  | { readonly count: true }
  | { readonly reject: "default" }
  | Verdict;

/** A rule of a chain. */
export interface Rule {
  readonly does: readonly Statement[];
  /** At most 127 bytes. */
  readonly comment?: string;
}

/** `ip saddr 10.0.0.1`, `ip daddr 10.0.0.0/24`, `iifname "veth*"`, `tcp dport 80`, `meta mark 0x1`. */
export function is(match: Field, value: Value): Statement {
  return { match, value };
}

/** `ip daddr != 10.0.0.0/24`. */
export function isNot(match: Field, value: Value): Statement {
  return { match, op: "!=", value };
}

/** `meta mark & 0x2000 == 0x2000`; `value` is the mask if absent. */
export function hasBits(match: "meta mark" | "ct mark", mask: number, value = mask): Statement {
  return { match, mask, value };
}

/** `ct state established,related`: at least one of them. */
export function hasAny(match: FlagField, ...any: readonly string[]): Statement {
  return { match, any };
}

/** `ip saddr @pods`, `ip daddr . meta l4proto . th dport @ports`. */
export function isIn(fields: Field | readonly Field[], set: string): Statement {
  return { match: typeof fields === "string" ? [fields] : fields, in: set };
}

/** `ip saddr != @pods`. */
export function isNotIn(fields: Field | readonly Field[], set: string): Statement {
  return { match: typeof fields === "string" ? [fields] : fields, in: set, op: "!=" };
}

/** `ip saddr vmap @pods`. */
export function vmap(fields: Field | readonly Field[], map: string): Statement {
  return { vmap: map, by: typeof fields === "string" ? [fields] : fields };
}

/** `meta mark set meta mark | 0x2000`: the bits of `mask` become those of `to`. All bits if there is no mask. */
export function setMark(set: Mutable, to: number, mask?: number): Statement {
  return mask === undefined ? { set, to } : { set, to, mask };
}

/** `ct mark set meta mark`. */
export function copyMark(set: Mutable, from: Mutable): Statement {
  return { set, from };
}

/** `dnat ip to 10.0.0.2:80`. */
export function dnat(family: 4 | 6, ip: string, port?: number): Statement {
  return { nat: "dnat", family, to: port === undefined ? { ip } : { ip, port } };
}

/** `dnat ip to meta l4proto . th dport map @ports`. */
export function dnatBy(family: 4 | 6, fields: Field | readonly Field[], map: string): Statement {
  return { nat: "dnat", family, map, by: typeof fields === "string" ? [fields] : fields };
}

/** `snat ip to 192.0.2.1`. */
export function snat(family: 4 | 6, ip: string, port?: number): Statement {
  return { nat: "snat", family, to: port === undefined ? { ip } : { ip, port } };
}

export const masquerade: Statement = { nat: "masquerade" };
export const count: Statement = { count: true };
export const reject: Statement = { reject: "default" };
export const accept: Verdict = { verdict: "accept" };
export const drop: Verdict = { verdict: "drop" };
/** Back to the chain that this one was called from. */
export const back: Verdict = { verdict: "return" };

/** Comes back after the chain. */
export function jump(chain: string): Verdict {
  return { verdict: "jump", chain };
}

/** Does not come back. */
export function goTo(chain: string): Verdict {
  return { verdict: "goto", chain };
}

/** A rule of some statements. */
export function rule(does: readonly Statement[], comment?: string): Rule {
  return comment === undefined ? { does } : { does, comment };
}
