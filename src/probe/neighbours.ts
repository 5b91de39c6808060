import type { NetlinkSocket } from "../netlink/index.ts";
import { type Neigh, delNeigh, listNeighs } from "../rtnl/index.ts";
import { type Family, familyOf } from "../values/index.ts";
import { type NeighTable, neighTables } from "./neigh-table.ts";

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
  readonly #socket: () => NetlinkSocket;
  readonly #sockets: () => readonly NetlinkSocket[];
  readonly #families: ReadonlySet<Family>;
  readonly #refusals: bigint;
  /** Entries per family that do not count against the limit, as far as they are known. */
  #exempt: Readonly<Record<Family, number>> = { 4: 0, 6: 0 };
  /** Something was forgotten. */
  forgetful = false;

  /**
   * @param socket one in any namespace
   * @param sockets one in each namespace whose neighbours may be forgotten; not called before that
   */
  constructor(
    socket: () => NetlinkSocket,
    sockets: () => readonly NetlinkSocket[],
    families: ReadonlySet<Family>,
  ) {
    this.#socket = socket;
    this.#sockets = sockets;
    this.#families = families;
    this.#refusals = this.#countRefusals();
  }

  #tables(): readonly NeighTable[] {
    return neighTables(this.#socket()).filter(({ family }) => this.#families.has(family));
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
    const exempt = { 4: 0, 6: 0 };
    for (const socket of this.#sockets()) {
      const cached: Neigh[] = [];
      for (const neigh of this.#list(socket)) {
        if (!countsAgainstLimit(neigh)) exempt[familyOf(neigh.ip)]++;
        else if (isCached(neigh) && (unresolved || neigh.state !== "incomplete")) cached.push(neigh);
      }
      // Refusals are fine: the kernel forgot it first.
      socket.batch(cached.map(({ index, ip }) => delNeigh({ index, ip })));
    }
    this.#exempt = exempt;
  }

  #list(socket: NetlinkSocket): readonly Neigh[] {
    const [only] = this.#families;
    return socket.dump(listNeighs(this.#families.size === 1 && only !== undefined ? { family: only } : {}));
  }
}

/** `exempt_from_gc` of net/core/neighbour.c. */
function countsAgainstLimit({ state, externLearned }: Neigh): boolean {
  return state !== "permanent" && !externLearned;
}

/** Whether the kernel made the entry by itself and would make it again. */
export function isCached(neigh: Neigh): boolean {
  if (!countsAgainstLimit(neigh)) return false;
  // Without address resolution: set by somebody, but for groups, whose link address follows from their own.
  return neigh.state !== "noarp" || isGroup(neigh.ip);
}

/** RFC 4291 §2.7, RFC 1112 §4. */
function isGroup(ip: string): boolean {
  return ip.startsWith("ff") || /^2(2[4-9]|3\d)\./.test(ip);
}
