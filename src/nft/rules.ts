import { NLM_F, type Query, type Request, query } from "../netlink/index.ts";
import { asked, noted } from "./_asked.ts";
import type { ChainRef } from "./chains.ts";
import { compile } from "./compile.ts";
import type { ExpressionFact } from "./expression.ts";
import { delrule, getrule, newrule } from "./message.ts";
import { printRule, printTable } from "./print.ts";
import type { Rule } from "./rule.ts";
import type { TableRef } from "./table.ts";
import { commentOf } from "./udata.ts";

/** Adds a rule at the end of a chain. NFT_MSG_NEWRULE. @throws {WireError} for a value that is none of its field's */
export function addRule(table: TableRef, { name }: ChainRef, rule: Rule): Request {
  const attrs = {
    table: table.name,
    chain: name,
    expressions: compile(table.family, rule.does),
    ...noted(rule.comment),
  };
  const doing = () => `add rule ${printTable(table)} ${name} ${printRule(rule)}`;
  return asked(newrule, NLM_F.CREATE | NLM_F.APPEND, table.family, attrs, doing);
}

/** Deletes one rule. NFT_MSG_DELRULE. */
export function delRule(table: TableRef, { name }: ChainRef, handle: bigint): Request {
  const attrs = { table: table.name, chain: name, handle };
  return asked(delrule, 0, table.family, attrs, () => `delete rule ${printTable(table)} ${name} handle ${handle}`);
}

/** A rule as the kernel reports it. */
export interface RuleFact {
  readonly chain: string;
  readonly handle: bigint;
  readonly comment?: string;
  readonly expressions: readonly ExpressionFact[];
}

/** The rules of a table, or of one chain of it, in order. NFT_MSG_GETRULE. */
export function listRules(table: TableRef, chain?: ChainRef): Query<RuleFact> {
  const attrs = { table: table.name, ...(chain !== undefined && { chain: chain.name }) };
  const doing = () => `list rules of ${printTable(table)}${chain === undefined ? "" : ` ${chain.name}`}`;
  return query(asked(getrule, 0, table.family, attrs, doing), newrule, (_header, found) => {
    const text = commentOf(found.userdata);
    return {
      chain: found.chain ?? "",
      handle: found.handle ?? 0n,
      expressions: found.expressions ?? [],
      ...(text !== undefined && { comment: text }),
    };
  });
}
