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

/** Others change the ruleset at the same time; each attempt begins with a new look at it. */
const ATTEMPTS = 16;
const AGAIN: ReadonlySet<number> = new Set([errno("ENOENT"), errno("EBUSY"), errno("ERESTART"), errno("EAGAIN")]);

/** Takes away what another program made, in one transaction; fine if it is not there. @throws {NetlinkError} */
export function clearForeign(socket: NetlinkSocket, { table, what }: OpOf<"nft.clear">): void {
  for (let attempt = 1; ; attempt++) {
    const requests = "chain" in what ? withoutChain(socket, table, what.chain) : withoutRules(socket, table, what);
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

function withoutRules(
  socket: NetlinkSocket,
  table: TableRef,
  { comment, begins }: { readonly comment: string; readonly begins?: boolean },
): readonly Request[] {
  if (socket.ask(getTable(table)) === undefined) return [];
  return socket
    .dump(listRules(table))
    .filter((rule) => (begins ? rule.comment?.startsWith(comment) : rule.comment === comment))
    .map((rule) => deletion(table, rule));
}

function deletion(table: TableRef, { chain, handle }: RuleFact): Request {
  return delRule(table, { name: chain }, handle);
}

/** Whether a chain is there, whoever made it. @throws {NetlinkError} */
export function hasChain(socket: NetlinkSocket, table: TableRef, name: string): boolean {
  return socket.ask(getChain(table, { name })) !== undefined;
}
