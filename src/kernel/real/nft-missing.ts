import type { OpOf } from "../../change/index.ts";
import type { NetlinkSocket } from "../../netlink/index.ts";
import {
  type Element,
  type Rule,
  type SharedTable,
  canonical,
  canonicalData,
  compile,
  getElement,
  keyBytes,
  listRules,
  ownChain,
  printElement,
  printRule,
  verdictData,
} from "../../nft/index.ts";
import { setOf } from "./nft.ts";

/**
 * What of an op's rules is not in the kernel as the op says, as lines for people; empty if all is. Shared chains may have rules of
 * other people between ours, an owner's chain may not.
 * @throws {NetlinkError}
 */
export function missingOwned(socket: NetlinkSocket, { table, owner, own }: OpOf<"nft.put">): readonly string[] {
  return [
    ...table.chains.flatMap(({ name, rules }) => missingRules(socket, table, name, rules, false)),
    ...Object.entries(own.rules).flatMap(([role, rules]) =>
      missingRules(socket, table, ownChain(role, owner), rules, true),
    ),
    ...(own.elements ?? []).flatMap(({ set, elements }) =>
      elements.flatMap((element) =>
        hasElement(socket, table, set, element) ? [] : [`element of ${set}: ${printElement(element)}`],
      ),
    ),
  ];
}

function missingRules(
  socket: NetlinkSocket,
  table: SharedTable,
  chain: string,
  rules: readonly Rule[],
  exact: boolean,
): string[] {
  const found = socket.dump(listRules(table, { name: chain })).map(({ expressions }) => canonical(expressions));
  const missing: string[] = [];
  let at = 0;
  for (const rule of rules) {
    const place = found.indexOf(canonical(compile(table.family, rule.does)), at);
    if (place < 0) missing.push(`rule of ${chain}: ${printRule(rule)}`);
    else at = place + 1;
  }
  if (exact && missing.length === 0 && found.length > rules.length)
    missing.push(`${chain} has rules that nobody asked for`);
  return missing;
}

function hasElement(socket: NetlinkSocket, table: SharedTable, name: string, element: Element): boolean {
  const set = setOf(table, name);
  const there = socket.ask(getElement(table, set, keyBytes(set.key, element.key)));
  if (there === undefined) return false;
  if (element.to === undefined) return true;
  const types = set.data === undefined || set.data === "verdict" ? [] : set.data;
  const wanted = "verdict" in element.to ? verdictData(element.to) : { value: keyBytes(types, element.to) };
  return canonicalData(there.data) === canonicalData(wanted);
}
