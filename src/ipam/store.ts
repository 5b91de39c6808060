import type { Ip } from "../values/index.ts";

/** Whose an address is. Without `ifname` it is a reservation of old: it stands for all interfaces of the container. */
export interface Owner {
  readonly containerId: string;
  readonly ifname?: string;
}

/** An address that is taken; without an owner nobody knows by whom: a program died while it wrote that down. */
export interface Reservation {
  readonly ip: Ip;
  readonly owner?: Owner;
}

/** What is reserved, while nobody else can change it. */
export interface Ledger {
  taken(ip: Ip): boolean;
  /** The addresses of an owner, also those reserved for its container as a whole. */
  of(owner: Owner): readonly Ip[];
  /** Who has an address. */
  ownerOf(ip: Ip): Owner | undefined;
  /** The address that was reserved last for the range set with this place in the configuration. */
  last(set: number): Ip | undefined;
  all(): readonly Reservation[];
}

/** A ledger that can be written. What was written before a failure stays written. */
export interface OpenLedger extends Ledger {
  /** Reserves an address for set number `set`; `false` if it is taken. @throws {IpamError} storage */
  reserve(ip: Ip, owner: Owner, set: number): boolean;
  /** Frees addresses; those that are free already are none of its business. @throws {IpamError} storage */
  release(ips: readonly Ip[]): void;
}

/** Where the reservations of one network are kept. */
export interface Store {
  /** Looks without changing anything. @throws {IpamError} storage */
  read<T>(body: (ledger: Ledger) => T): T;
  /** Everything in `body` is one step for all others. Calls do not nest. @throws {IpamError} storage */
  change<T>(body: (ledger: OpenLedger) => T): T;
  /**
   * Frees what `select` picks out, in one step for all others, and returns it. Goes on after a failure, and throws it at the end. Makes
   * nothing, not even the store itself. @throws {IpamError} storage
   */
  free(select: (ledger: Ledger) => readonly Ip[]): readonly Ip[];
}

/** Whether an address reserved for `holder` is `owner`'s. */
export function owns(owner: Owner, holder: Owner | undefined): boolean {
  if (holder === undefined || holder.containerId !== owner.containerId) return false;
  return holder.ifname === undefined || holder.ifname === owner.ifname;
}
