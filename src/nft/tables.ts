import { NLM_F, type Query, type Request, query } from "../netlink/index.ts";
import { asked, noted } from "./_asked.ts";
import { type NftHeader, deltable, getgen, gettable, newgen, newtable } from "./message.ts";
import { printTable } from "./print.ts";
import type { TableFamily, TableRef } from "./table.ts";
import { commentOf } from "./udata.ts";

/** Makes a table; fine if it is there. NFT_MSG_NEWTABLE. */
export function addTable(table: TableRef & { readonly comment?: string }): Request {
  const attrs = { name: table.name, flags: 0, ...noted(table.comment) };
  return asked(newtable, NLM_F.CREATE, table.family, attrs, () => `add table ${printTable(table)}`);
}

/** Deletes a table with all that is in it; ENOENT if there is none. NFT_MSG_DELTABLE. */
export function delTable(table: TableRef): Request {
  return asked(deltable, 0, table.family, { name: table.name }, () => `delete table ${printTable(table)}`);
}

/** A table as the kernel reports it. */
export interface TableFact extends TableRef {
  readonly comment?: string;
  /** How many chains, sets and other objects it has. */
  readonly use: number;
}

/** One table. NFT_MSG_GETTABLE. */
export function getTable(table: TableRef): Query<TableFact> {
  const doing = () => `get table ${printTable(table)}`;
  return query(asked(gettable, 0, table.family, { name: table.name }, doing), newtable, readTable);
}

/** All tables, or those of a family. */
export function listTables(family: TableFamily | "unspec" = "unspec"): Query<TableFact> {
  return query(
    asked(gettable, 0, family, {}, () => "list tables"),
    newtable,
    readTable,
  );
}

function readTable({ family }: NftHeader, { name, use = 0, userdata }: Parameters<typeof newtable.attrs.put>[1]) {
  const text = commentOf(userdata);
  return { family: family as TableFamily, name: name ?? "", use, ...(text !== undefined && { comment: text }) };
}

/** The number of the ruleset's present generation: it grows with every change. NFT_MSG_GETGEN. */
export function getGeneration(): Query<number> {
  return query(
    asked(getgen, 0, "unspec", {}, () => "get the ruleset's generation"),
    newgen,
    (_header, { id }) => id,
  );
}
