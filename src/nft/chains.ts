import { NLM_F, type Query, type Request, query } from "../netlink/index.ts";
import { asked, noted } from "./_asked.ts";
import { type NftHeader, chainName, delchain, delrule, getchain, newchain } from "./message.ts";
import { printTable } from "./print.ts";
import type { Base, ChainSpec, Hook, TableFamily, TableRef } from "./table.ts";
import type { Entry } from "./udata.ts";

export type ChainRef = Pick<ChainSpec, "name">;

/** NF_INET_* of linux/netfilter.h; NF_NETDEV_INGRESS is 0, too. */
const hooks: Readonly<Record<Hook, number>> = {
  prerouting: 0,
  ingress: 0,
  input: 1,
  forward: 2,
  output: 3,
  postrouting: 4,
};

/** NF_IP_PRI_* of linux/netfilter_ipv4.h and NF_BR_PRI_* of linux/netfilter_bridge.h. */
const priorities = { raw: -300, mangle: -150, dstnat: -100, filter: 0, security: 50, srcnat: 100 } as const;
const bridgePriorities = { dstnat: -300, filter: -200, out: 100, srcnat: 300 } as const;

/** @throws {RangeError} for a name that the family does not know */
function priorityOf(family: TableFamily, { priority }: Base): number {
  if (typeof priority === "number") return priority;
  const names: Readonly<Record<string, number>> = family === "bridge" ? bridgePriorities : priorities;
  const number = names[priority];
  if (number === undefined) throw new RangeError(`family ${family} has no priority ${priority}`);
  return number;
}

/** `exclusive`: EEXIST if it is there; fine otherwise. */
interface Exclusive {
  readonly exclusive?: boolean;
  /** Kept with it for programs; nft(8) does not show it. */
  readonly note?: Entry;
}

/** Makes a chain, without its rules. NFT_MSG_NEWCHAIN. */
export function addChain(
  table: TableRef,
  chain: Omit<ChainSpec, "rules">,
  { exclusive = false, note }: Exclusive = {},
): Request {
  const { name, base } = chain;
  const attrs = {
    table: table.name,
    name,
    ...(base !== undefined && {
      type: base.type,
      policy: base.policy ?? "accept",
      hook: {
        number: hooks[base.hook],
        priority: priorityOf(table.family, base) >>> 0,
        ...(base.device !== undefined && { device: base.device }),
      },
    }),
    ...noted(chain.comment, note),
  } as const;
  const flags = NLM_F.CREATE | (exclusive ? NLM_F.EXCL : 0);
  return asked(newchain, flags, table.family, attrs, () => `add chain ${printTable(table)} ${name}`);
}

/** Deletes a chain with its rules; EBUSY while something leads to it. NFT_MSG_DELCHAIN. */
export function delChain(table: TableRef, { name }: ChainRef): Request {
  return asked(
    delchain,
    0,
    table.family,
    { table: table.name, name },
    () => `delete chain ${printTable(table)} ${name}`,
  );
}

/** Deletes the rules of a chain. NFT_MSG_DELRULE. */
export function flushChain(table: TableRef, { name }: ChainRef): Request {
  const attrs = { table: table.name, chain: name };
  return asked(delrule, 0, table.family, attrs, () => `flush chain ${printTable(table)} ${name}`);
}

/** A chain as the kernel reports it. */
export interface ChainFact {
  readonly table: string;
  readonly name: string;
  readonly base: boolean;
  readonly userdata: readonly Entry[];
}

/** One chain. NFT_MSG_GETCHAIN. */
export function getChain(table: TableRef, { name }: ChainRef): Query<ChainFact> {
  const doing = () => `get chain ${printTable(table)} ${name}`;
  return query(asked(getchain, 0, table.family, { table: table.name, name }, doing), newchain, readChain);
}

/** Names of the chains of a table. The kernel knows no narrower question than for those of all tables of the family. */
export function listChains(table: TableRef): Query<string> {
  const doing = () => `list chains of family ${table.family}`;
  return query(asked(getchain, 0, table.family, {}, doing), chainName, (_header, found) =>
    found.table === table.name ? found.name : undefined,
  );
}

function readChain(_header: NftHeader, attrs: Parameters<typeof newchain.attrs.put>[1]): ChainFact {
  return {
    table: attrs.table ?? "",
    name: attrs.name ?? "",
    base: attrs.hook !== undefined,
    userdata: attrs.userdata ?? [],
  };
}
