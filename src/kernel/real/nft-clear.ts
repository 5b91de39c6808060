import type { OpOf } from "../../change/index.ts";
import type { NetlinkSocket, Request } from "../../netlink/index.ts";
import {
  type RuleFact,
  type TableRef,
  delChain,
  delRule,
  flushChain,
  getChain,
  getTable,
  listRules,
  refusedError,
  tryTransaction,
} from "../../nft/index.ts";
import { errno } from "../../sys/index.ts";
import { type Ip, ipToBytes } from "../../values/index.ts";
import { Bytes, attrs, cstr, decode, raw } from "../../wire/index.ts";

/** Others change the ruleset at the same time; each attempt begins with a new look at it. */
const ATTEMPTS = 16;
const AGAIN: ReadonlySet<number> = new Set([errno("ENOENT"), errno("EBUSY"), errno("ERESTART"), errno("EAGAIN")]);

/** Takes away what another program made, in one transaction; fine if it is not there. @throws {NetlinkError} */
export function clearForeign(socket: NetlinkSocket, { table, what }: OpOf<"nft.clear">): void {
  for (let attempt = 1; ; attempt++) {
    const requests =
      "chain" in what
        ? withoutChain(socket, table, what.chain)
        : rulesOf(socket, table, what).map((rule) => deletion(table, rule));
    const refused = requests.length === 0 ? undefined : tryTransaction(socket, requests)[0];
    if (refused === undefined) return;
    if (attempt === ATTEMPTS || !AGAIN.has(refused.refusal.errno)) throw refusedError(refused);
  }
}

function withoutChain(socket: NetlinkSocket, table: TableRef, name: string): readonly Request[] {
  if (socket.ask(getChain(table, { name })) === undefined) return [];
  const jumps = socket.dump(listRules(table)).filter((rule) => leadsTo(rule, name));
  return [...jumps.map((rule) => deletion(table, rule)), flushChain(table, { name }), delChain(table, { name })];
}

function leadsTo({ expressions }: RuleFact, chain: string): boolean {
  return expressions.some(({ name, data }) => {
    // The table was chosen by the name, so the data are of that expression.
    return name === "immediate" && (data as unknown as Immediate).data?.verdict?.chain === chain;
  });
}

interface Immediate {
  readonly data?: { readonly verdict?: { readonly chain?: string } };
}

function rulesOf(
  socket: NetlinkSocket,
  table: TableRef,
  what: Exclude<OpOf<"nft.clear">["what"], { readonly chain: string }>,
): readonly RuleFact[] {
  if ("rulesOf" in what) {
    const name = what.rulesOf;
    if (socket.ask(getChain(table, { name })) === undefined) return [];
    return socket.dump(listRules(table, { name })).filter((rule) => isAbout(rule, what.address));
  }
  const { comment, begins } = what;
  if (socket.ask(getTable(table)) === undefined) return [];
  return socket.dump(listRules(table)).filter((rule) => {
    const text = rule.comment ?? xtComment(rule);
    return begins ? text?.startsWith(comment) : text === comment;
  });
}

/** Does it compare something of a packet with the address, and is nobody named in it? */
function isAbout(rule: RuleFact, address: Ip): boolean {
  const { expressions } = rule;
  const wanted = ipToBytes(address).toHex();
  if ((rule.comment ?? xtComment(rule)) !== undefined) return false;
  return expressions.some(({ name, data }, i) => {
    if (name !== "cmp" || expressions[i - 1]?.name !== "payload") return false;
    return (data as unknown as Comparison).data?.value?.toHex() === wanted;
  });
}

interface Comparison {
  readonly data?: { readonly value?: Uint8Array };
}

/** `NFTA_MATCH_*` of linux/netfilter/nf_tables_compat.h: a match of iptables in a rule of nf_tables. */
const match = attrs(() => ({
  name: [1, cstr], // NFTA_MATCH_NAME
  revision: [2, raw], // NFTA_MATCH_REV
  info: [3, raw], // NFTA_MATCH_INFO
}));

/** A comment as iptables keeps it: `struct xt_comment_info` of linux/netfilter/xt_comment.h, a text with its NUL. */
function xtComment({ expressions }: RuleFact): string | undefined {
  for (const { name, data } of expressions) {
    if (name !== "match" || !(data instanceof Uint8Array)) continue;
    const { name: kind, info } = decode(match, data);
    if (kind === "comment" && info !== undefined) return cstr.get(new Bytes(info), 0, info.length);
  }
  return undefined;
}

function deletion(table: TableRef, { chain, handle }: RuleFact): Request {
  return delRule(table, { name: chain }, handle);
}

/** Whether a chain is there, whoever made it. @throws {NetlinkError} */
export function hasChain(socket: NetlinkSocket, table: TableRef, name: string): boolean {
  return socket.ask(getChain(table, { name })) !== undefined;
}
