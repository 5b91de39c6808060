import type { OpOf } from "../../change/index.ts";
import { NetlinkError, type NetlinkSocket, type Request } from "../../netlink/index.ts";
import {
  type Element,
  type Owned,
  type Refused,
  type SetSpec,
  type SharedTable,
  addChain,
  addElements,
  addRule,
  addSet,
  addTable,
  commentOf,
  delChain,
  delElementsRaw,
  delTable,
  flushChain,
  getChain,
  getElement,
  getGeneration,
  getTable,
  keyBytes,
  listChains,
  listElements,
  ownChain,
  ownComment,
  refusedError,
  tryTransaction,
} from "../../nft/index.ts";
import { E } from "../../sys/index.ts";
import { type Keys, keysEntry, keysOf } from "./nft-keys.ts";

/** Others change the ruleset at the same time; each attempt begins with a new look at it. */
const ATTEMPTS = 64;
/** A table that has so many things more than its description has other owners for certain. */
const MANY_MORE = 16;

/** ERESTART: the generation has changed. */
const ERESTART = 85;
const hopeful: readonly number[] = [E.ENOENT, E.EEXIST, E.EBUSY, E.EAGAIN, E.EINTR, ERESTART];

/**
 * Puts an owner's rules where they belong, in one transaction. The first attempt takes for granted that the owner has nothing there
 * yet; the kernel checks it, but takes its time to refuse (it waits for all processors in __nf_tables_abort of
 * net/netfilter/nf_tables_api.c), so for the table, which comes and goes, it is asked.
 * @throws {NetlinkError}
 */
export function putOwned(socket: NetlinkSocket, op: OpOf<"nft.put">): void {
  const { table, owner, own } = op;
  let isWhole = socket.ask(getTable(table)) !== undefined;
  for (let attempt = 1; ; attempt++) {
    const isFirst = attempt === 1;
    const inTheWay = isFirst ? [] : elementsInTheWay(socket, table, owner, own);
    if (inTheWay[0] !== undefined && !op.taking) throw takenError(table, inTheWay[0]);
    const refused = tryTransaction(socket, [
      ...(isWhole ? [] : shared(table)),
      ...(isFirst ? [] : removal(table, heldBy(socket, table, owner))),
      ...inTheWay.map(({ set, key }) => delElementsRaw(table, set, [key])),
      ...owned(table, owner, own),
    ])[0];
    if (refused === undefined) return;
    const number = refused.refusal.errno;
    // With the table in the same transaction, what is not there is a feature of the kernel.
    const isLacking = number === E.ENOENT && !isWhole && attempt > 3;
    if (!isHopeful(number) || isLacking || attempt === ATTEMPTS) throw refusedError(refused);
    if (number === E.ENOENT) isWhole = false;
  }
}

/**
 * Takes away what an owner has, in one transaction; with the last owner's things the table goes, if the ruleset has not changed
 * since it was seen to be the last. Fine if there is nothing.
 * @throws {NetlinkError}
 */
export function deleteOwned(socket: NetlinkSocket, { table, owner }: OpOf<"nft.delete">): void {
  for (let attempt = 1; ; attempt++) {
    const held = heldBy(socket, table, owner);
    let refused: Refused | undefined;
    if (mayBeLast(socket, table, held.chains.length)) {
      const generation = socket.ask(getGeneration());
      const last = generation !== undefined && isLast(socket, table, owner);
      if (!last && held.chains.length === 0) return;
      refused = last
        ? tryTransaction(socket, [delTable(table)], { generation })[0]
        : tryTransaction(socket, removal(table, held))[0];
      if (last && refused === undefined) return;
    } else if (held.chains.length > 0) refused = tryTransaction(socket, removal(table, held))[0];
    else return;
    // All the others may have gone at the same time, each believing that there were more.
    if (refused === undefined && !mayBeLast(socket, table, 0)) return;
    if (refused === undefined) continue;
    if (!isHopeful(refused.refusal.errno) || attempt === ATTEMPTS) throw refusedError(refused);
  }
}

/** Another process was quicker, or the kernel wants to begin again: worth another attempt. */
function isHopeful(number: number): boolean {
  return hopeful.includes(number);
}

/** Is the table there, and so small that there may be no owner in it besides one with so many chains? */
function mayBeLast(socket: NetlinkSocket, table: SharedTable, chains: number): boolean {
  const use = socket.ask(getTable(table))?.use;
  return use !== undefined && use - chains <= table.chains.length + (table.sets?.length ?? 0) + MANY_MORE;
}

/** Who has something in a shared table. @throws {NetlinkError} */
export function ownersIn(socket: NetlinkSocket, table: SharedTable): readonly string[] {
  const start = ownChain(table.roles[0], "");
  return chainsOf(socket, table).flatMap((name) => (name.startsWith(start) ? [name.slice(start.length)] : []));
}

/** What all owners share: made, or made whole again, whoever did it before. */
function shared(table: SharedTable): Request[] {
  return [
    addTable(table),
    ...(table.sets ?? []).map((set, i) => addSet(table, set, i + 1)),
    ...table.chains.map((chain) => addChain(table, chain)),
    ...table.chains.flatMap((chain) => [
      flushChain(table, chain),
      ...chain.rules.map((rule) => addRule(table, chain, rule)),
    ]),
  ];
}

/** What an owner has, if it has nothing yet. */
function owned(table: SharedTable, owner: string, own: Owned): Request[] {
  const comment = ownComment(owner);
  const note = keysEntry(keysIn(table, own));
  const roles = rolesOf(table, own).map((role) => ({ name: ownChain(role, owner), rules: own.rules[role] ?? [] }));
  return [
    ...roles.map(({ name }, i) =>
      addChain(table, { name }, { exclusive: true, ...(i === 0 && note !== undefined && { note }) }),
    ),
    ...roles.flatMap(({ name, rules }) => rules.map((rule) => addRule(table, { name }, { comment, ...rule }))),
    ...(own.elements ?? []).map(({ set, elements }) =>
      addElements(
        table,
        setOf(table, set),
        elements.map((element) => ({ comment, ...element })),
        { exclusive: true },
      ),
    ),
  ];
}

function rolesOf(table: SharedTable, own: Owned): readonly string[] {
  return table.roles.filter((role, i) => i === 0 || own.rules[role] !== undefined);
}

export function setOf(table: SharedTable, name: string): SetSpec {
  const set = table.sets?.find((one) => one.name === name);
  if (set === undefined) throw new RangeError(`the table ${table.name} declares no set ${name}`);
  return set;
}

function keysIn(table: SharedTable, own: Owned): readonly Keys[] {
  return (own.elements ?? []).map(({ set, elements }) => {
    const { key } = setOf(table, set);
    return { set, keys: elements.map((element) => keyBytes(key, element.key)) };
  });
}

/** What an owner has now. */
interface Held {
  readonly chains: readonly string[];
  readonly keys: readonly Keys[];
}

function heldBy(socket: NetlinkSocket, table: SharedTable, owner: string): Held {
  const found = table.roles.flatMap((role) => socket.ask(getChain(table, { name: ownChain(role, owner) })) ?? []);
  const [main] = found;
  if (main === undefined) return { chains: [], keys: [] };
  const noted = keysOf(main.userdata);
  const keys = noted === undefined ? searched(socket, table, owner) : stillHeld(socket, table, owner, noted);
  return { chains: found.map(({ name }) => name), keys };
}

/** Those that nobody has taken since. */
function stillHeld(socket: NetlinkSocket, table: SharedTable, owner: string, noted: readonly Keys[]): readonly Keys[] {
  const mine = ownComment(owner);
  return noted.map(({ set, keys }) => ({
    set,
    keys: keys.filter((key) => commentOf(socket.ask(getElement(table, { name: set }, key))?.userdata) === mine),
  }));
}

/** The slow way: all elements of all sets. */
function searched(socket: NetlinkSocket, table: SharedTable, owner: string): readonly Keys[] {
  const comment = ownComment(owner);
  return (table.sets ?? []).map((set) => {
    const mine = socket
      .dump(listElements(table, set))
      .flat()
      .filter(({ userdata }) => commentOf(userdata) === comment);
    return { set: set.name, keys: mine.flatMap(({ key }) => key?.value ?? []) };
  });
}

/** Elements first: they lead to the chains. */
function removal(table: SharedTable, { chains, keys }: Held): Request[] {
  return [
    ...keys.flatMap(({ set, keys: some }) => (some.length === 0 ? [] : [delElementsRaw(table, { name: set }, some)])),
    ...chains.map((name) => delChain(table, { name })),
  ];
}

/** An element that another owner has. */
interface InTheWay {
  readonly set: SetSpec;
  readonly element: Element;
  readonly key: Uint8Array;
  /** Its comment. */
  readonly by: string | undefined;
}

function elementsInTheWay(socket: NetlinkSocket, table: SharedTable, owner: string, own: Owned): InTheWay[] {
  const mine = ownComment(owner);
  return (own.elements ?? []).flatMap(({ set: name, elements }) => {
    const set = setOf(table, name);
    return elements.flatMap((element) => {
      const key = keyBytes(set.key, element.key);
      const there = socket.ask(getElement(table, set, key));
      const by = commentOf(there?.userdata);
      return there === undefined || by === mine ? [] : [{ set, element, key, by }];
    });
  });
}

function takenError(table: SharedTable, { set, element, by }: InTheWay): NetlinkError {
  const { doing } = addElements(table, set, [element]);
  return new NetlinkError(`${doing}, which is taken${by === undefined ? "" : ` by ${by}`}`, { errno: E.EEXIST });
}

/** Is there no chain but the shared ones and the owner's? */
function isLast(socket: NetlinkSocket, table: SharedTable, owner: string): boolean {
  const known = new Set([...table.chains.map(({ name }) => name), ...table.roles.map((role) => ownChain(role, owner))]);
  return chainsOf(socket, table).every((name) => known.has(name));
}

function chainsOf(socket: NetlinkSocket, table: SharedTable): string[] {
  return socket.dump(listChains(table));
}
