import type { Request } from "../netlink/index.ts";
import type { Family } from "../values/index.ts";
import { type EntryFate, familyOfEntry, fateOf, forgetEntry, readCache } from "./neigh-cache.ts";
import { type NeighTable, neighTables } from "./neigh-table.ts";
import type { Stations } from "./station.ts";

/**
 * Entries that one probe may add to a table: on a link one at each end and, in IPv6, the group that is asked; as many
 * again at a router between.
 */
const PER_PROBE = 6;
/** Left to the rest of the machine. */
const RESERVE = 64;
/** Room for fewer probes than this is not worth going on with. */
const WORTHWHILE = 16;

/**
 * The room in the kernel's neighbour tables, which all namespaces of a machine share (1024 entries by default): a
 * matrix of 100 pods on one link needs ten times as many. When there is none left the kernel refuses new neighbours,
 * and so loses packets in silence, until the old ones are five seconds old (neigh_forced_gc of net/core/neighbour.c).
 * Small labs never come near that and their neighbours are left alone.
 */
export class NeighbourRoom {
  readonly #stations: Stations;
  readonly #families: ReadonlySet<Family>;
  readonly #refusals: bigint;
  /** Entries per family that do not count against the limit, as far as they are known. */
  #exempt: Record<Family, number> = { 4: 0, 6: 0 };
  /** Something was forgotten. */
  forgetful = false;

  /** @param stations of all ends whose neighbours may be forgotten; at least one */
  constructor(stations: Stations, families: ReadonlySet<Family>) {
    this.#stations = stations;
    this.#families = families;
    this.#refusals = this.#countRefusals();
  }

  #tables(): readonly NeighTable[] {
    return neighTables(this.#stations.any().netlink).filter(({ family }) => this.#families.has(family));
  }

  #countRefusals(): bigint {
    return this.#tables().reduce((sum, { refusals }) => sum + refusals, 0n);
  }

  /** For how many more probes there is room; zero or less when it is time to forget. */
  left(): number {
    const free = this.#tables().map(({ family, entries, limit }) => limit + this.#exempt[family] - entries - RESERVE);
    return Math.floor(Math.min(...free) / PER_PROBE) - WORTHWHILE;
  }

  /** The kernel has refused a neighbour since the beginning, to us or to anybody. */
  get refused(): boolean {
    return this.#countRefusals() > this.#refusals;
  }

  /**
   * Forgets what the kernel learnt. Entries that somebody put there stay, and so do unresolved ones (packets wait in
   * them) unless `unresolved` is asked for.
   */
  forget(unresolved: boolean): void {
    this.forgetful = true;
    this.#forget((fate) => fate === "cached" || (fate === "unresolved" && unresolved));
  }

  /**
   * Forgets for whom the kernel is looking already: it began when the network was another, and may be about to give up with what
   * we send (after three requests a second apart).
   */
  forgetSearches(): void {
    this.#forget((fate) => fate === "unresolved");
  }

  #forget(isDoomed: (fate: EntryFate) => boolean): void {
    const exempt = { 4: 0, 6: 0 };
    for (const { netlink } of this.#stations.all()) {
      const doomed: Request[] = [];
      for (const entry of readCache(netlink, this.#family)) {
        const fate = fateOf(entry);
        if (fate === "exempt") exempt[familyOfEntry(entry)]++;
        if (isDoomed(fate)) doomed.push(forgetEntry(entry));
      }
      // Refusals are fine: the kernel forgot it first.
      if (doomed.length > 0) netlink.batch(doomed);
    }
    this.#exempt = exempt;
  }

  /**
   * There is no room although everything was forgotten. As long as the kernel has not refused anybody, what is left
   * must be entries of other namespaces that do not count: take them for that. Otherwise others filled the table.
   */
  trust(): void {
    if (this.refused) return;
    for (const { family, entries } of this.#tables()) this.#exempt[family] = Math.max(this.#exempt[family], entries);
  }

  /** The only family that matters, if there is only one. */
  get #family(): Family | undefined {
    const [only] = this.#families;
    return this.#families.size === 1 ? only : undefined;
  }
}
