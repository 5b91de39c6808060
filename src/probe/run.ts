import { errnoName } from "../sys/index.ts";
import type { Ip } from "../values/index.ts";
import { Flights } from "./flights.ts";
import { socketAddress } from "./echo-socket.ts";
import { NeighbourRoom } from "./neighbours.ts";
import { inRounds } from "./rounds.ts";
import type { Stations } from "./station.ts";
import type { Tally } from "./tally.ts";
import type { Witnesses } from "./witness.ts";

const MS = 1_000_000;
/** The thread is ours for so long, then others get their turn: signals, the terminal. */
const TURN_MS = 15;
/** All sockets are looked at this often while requests go out, so that a round trip is measured this exactly. */
const LOOK_MS = 1;
/**
 * With more than WINDOW answers outstanding, each BURST waits up to BURST_MS for some of them: slow links are not
 * flooded, and a broken network holds us up for no more than that.
 */
const WINDOW = 256;
const BURST = 64;
const BURST_MS = 10;

export interface RunSettings {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Told the number of requests sent so far. */
  readonly onTurn: (sent: number) => void;
}

/** One matrix under way: what is in the air, and what came back. Not for an empty one. */
export class Run {
  readonly tallies: readonly Tally[];
  readonly #stations: Stations;
  /** The kernel has refused neighbours meanwhile, for its tables were full: losses may come from that. */
  crowded = false;
  readonly #settings: RunSettings;
  readonly #order: readonly number[];
  readonly #addresses = new Map<Ip, Uint8Array>();
  readonly #flights: Flights;
  #probes = 0;
  #room = 0;
  readonly #neighbours: NeighbourRoom;
  /** Indexes of pairs whose request was out when neighbours were forgotten. */
  readonly #disturbed = new Set<number>();
  #turnEnds = Bun.nanoseconds() + TURN_MS * MS;

  constructor(tallies: readonly Tally[], stations: Stations, witnesses: Witnesses, settings: RunSettings) {
    this.tallies = tallies;
    this.#order = inRounds(tallies.map(({ pair }) => pair));
    this.#settings = settings;
    this.#stations = stations;
    this.#neighbours = new NeighbourRoom(stations, new Set(tallies.map(({ family }) => family)));
    this.#flights = new Flights(({ pair, sentAt, probe }, arrival, landedAt) => {
      const tally = this.tallies[pair];
      if (tally === undefined) return;
      if (arrival.what === "error") {
        tally.error = arrival;
        return;
      }
      const hearers = witnesses.hearersOf(tally.pair, probe);
      if (hearers === undefined || hearers.includes(tally.pair.to.name)) tally.rtts.push(landedAt - sentAt);
      else tally.answeredBy = hearers.join(", ");
    });
  }

  /** Before the first pass: nothing that others asked before shall decide. */
  prepare(): void {
    this.#neighbours.forgetSearches();
  }

  /** Asks each pair once, without waiting for late answers. `only` chooses among the pairs. @throws what `signal` says */
  async pass(only: (tally: Tally) => boolean = () => true): Promise<void> {
    let burst = 0;
    for (const index of this.#order) {
      const tally = this.tallies[index];
      if (tally === undefined || !only(tally)) continue;
      if (this.#room-- <= 0) this.#room = await this.#makeRoom();
      this.#ask(index, tally);
      if (this.#flights.expected > WINDOW && ++burst % BURST === 0) this.#flights.listen(BURST_MS);
      if (Bun.nanoseconds() >= this.#turnEnds) await this.turn();
    }
  }

  /**
   * Waits until every request has its answer or is too old. Those that may have been lost by our doing (a neighbour
   * forgotten at the wrong moment, a full table) are asked once more, as if for the first time.
   */
  async settle(): Promise<void> {
    await this.#land();
    const refused = this.#neighbours.refused;
    this.crowded ||= refused;
    if (!refused && this.#disturbed.size === 0) return;
    const suspect = new Set(
      this.tallies.filter(
        ({ pair, reached }, index) => pair.expect && !reached && (refused || this.#disturbed.has(index)),
      ),
    );
    this.#disturbed.clear();
    if (suspect.size === 0) return;
    this.#neighbours.forget(true);
    for (const tally of suspect) tally.sent--;
    await this.pass((tally) => suspect.has(tally));
    await this.#land();
    this.#disturbed.clear();
  }

  async #land(): Promise<void> {
    const { timeoutMs } = this.#settings;
    for (let oldest = this.#flights.oldest; oldest !== undefined; oldest = this.#flights.oldest) {
      const left = oldest / MS + timeoutMs - Bun.nanoseconds() / MS;
      this.#flights.listen(Math.max(0, Math.min(left, TURN_MS)));
      this.#flights.expire(Bun.nanoseconds() - timeoutMs * MS);
      if (Bun.nanoseconds() >= this.#turnEnds) await this.turn();
    }
  }

  /** Lets time pass until `at` (nanoseconds), hearing what arrives. */
  async idleUntil(at: number): Promise<void> {
    for (let now = Bun.nanoseconds(); now < at; now = Bun.nanoseconds()) {
      if (this.#flights.size > 0) this.#flights.listen(Math.min((at - now) / MS, TURN_MS));
      else await Bun.sleep(Math.min((at - now) / MS, TURN_MS));
      if (Bun.nanoseconds() >= this.#turnEnds) await this.turn();
    }
  }

  #ask(index: number, tally: Tally): void {
    const { pair, family } = tally;
    const socket = this.#stations.of(pair.from).echo(family);
    const probe = this.#probes++;
    const sequence = probe & 0xffff;
    let address = this.#addresses.get(pair.address);
    if (address === undefined) this.#addresses.set(pair.address, (address = socketAddress(pair.address)));
    tally.sent++;
    const sentAt = Bun.nanoseconds();
    const refused = socket.ask(address, sequence, probe);
    if (refused < 0) {
      tally.refusal = errnoName(-refused);
      return;
    }
    this.#flights.depart({ probe, pair: index, sequence, socket, sentAt, expected: pair.expect });
    if (this.#flights.size > 0 && sentAt - this.#flights.lookedAt > LOOK_MS * MS) this.#flights.listen(0);
  }

  /** Room for so many more probes in the kernel's neighbour tables. */
  async #makeRoom(): Promise<number> {
    const room = this.#neighbours;
    const left = room.left();
    if (left > 0) return left;
    this.#quieten();
    room.forget(false);
    const made = room.left();
    if (made > 0) return made;
    // What is left waits for neighbours that do not answer. Give all of them their time, at once.
    await this.#land();
    room.forget(true);
    const last = room.left();
    if (last > 0) return last;
    room.trust();
    return Math.max(room.left(), BURST);
  }

  /** Hears what is on its way, as long as something comes. Who is still out then might be hit by what follows. */
  #quieten(): void {
    const flights = this.#flights;
    for (let before = -1; flights.expected > 0 && flights.size !== before;) {
      before = flights.size;
      flights.listen(BURST_MS);
    }
    for (const { pair } of flights.all()) this.#disturbed.add(pair);
  }

  /** If neighbours had to be forgotten on the way, leaves the tables as roomy as they were. */
  tidy(): void {
    if (this.#neighbours.forgetful) this.#neighbours.forget(true);
  }

  /** Gives others their turn. @throws what `signal` says */
  async turn(): Promise<void> {
    await new Promise(setImmediate);
    this.#settings.signal?.throwIfAborted();
    this.#settings.onTurn(this.#probes);
    this.#turnEnds = Bun.nanoseconds() + TURN_MS * MS;
  }
}
