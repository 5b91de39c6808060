import { poll } from "../sys/index.ts";
import type { EchoSocket } from "./echo-socket.ts";
import type { Arrival } from "./packet.ts";

/** A request that has neither been answered nor given up. */
export interface Flight {
  /** Number of the probe, unique in a run. */
  readonly probe: number;
  /** Index of its pair. */
  readonly pair: number;
  readonly sequence: number;
  readonly socket: EchoSocket;
  /** Nanoseconds, on Bun's monotonic clock. */
  readonly sentAt: number;
  /** Its pair should reach. */
  readonly expected: boolean;
}

/** Told what became of a flight: `landedAt` in nanoseconds. */
export type OnLanding = (flight: Flight, arrival: Arrival, landedAt: number) => void;

/** The requests under way, in the order in which they left. */
export class Flights {
  readonly #open = new Map<number, Flight>();
  readonly #perSocket = new Map<EchoSocket, number>();
  readonly #onLanding: OnLanding;
  #expected = 0;
  /** When all sockets were last looked at, nanoseconds. */
  #lookedAt = 0;

  constructor(onLanding: OnLanding) {
    this.#onLanding = onLanding;
  }

  get size(): number {
    return this.#open.size;
  }

  /** How many of them should be answered. */
  get expected(): number {
    return this.#expected;
  }

  /** When all sockets were last looked at, nanoseconds. */
  get lookedAt(): number {
    return this.#lookedAt;
  }

  /** When the oldest one left, nanoseconds; `undefined` when none is under way. */
  get oldest(): number | undefined {
    for (const { sentAt } of this.#open.values()) return sentAt;
    return undefined;
  }

  /**
   * A request has left. Over local links its answer is there when sending returns: then it never gets onto the list,
   * and nobody asks the socket once more, which would cost as much again.
   */
  depart(flight: Flight): void {
    const { socket } = flight;
    for (let arrival = socket.take(); arrival !== undefined; arrival = socket.take()) {
      if (arrival.probe === flight.probe) return this.#onLanding(flight, arrival, Bun.nanoseconds());
      this.#land(socket, arrival);
    }
    this.#open.set(flight.probe, flight);
    this.#perSocket.set(socket, (this.#perSocket.get(socket) ?? 0) + 1);
    if (flight.expected) this.#expected++;
  }

  all(): Iterable<Flight> {
    return this.#open.values();
  }

  #remove(flight: Flight): void {
    if (!this.#open.delete(flight.probe)) return;
    const left = (this.#perSocket.get(flight.socket) ?? 1) - 1;
    if (left === 0) this.#perSocket.delete(flight.socket);
    else this.#perSocket.set(flight.socket, left);
    if (flight.expected) this.#expected--;
  }

  #land(socket: EchoSocket, arrival: Arrival): void {
    const landedAt = Bun.nanoseconds();
    const flight = this.#match(socket, arrival);
    if (flight === undefined) return; // Late, or twice.
    this.#remove(flight);
    this.#onLanding(flight, arrival, landedAt);
  }

  /** An error may quote so little of our request that only socket and sequence tell which one it was. */
  #match(socket: EchoSocket, arrival: Arrival): Flight | undefined {
    if (arrival.probe !== undefined) {
      const flight = this.#open.get(arrival.probe);
      return flight?.socket === socket && flight.sequence === arrival.sequence ? flight : undefined;
    }
    for (const flight of this.#open.values()) {
      if (flight.socket === socket && flight.sequence === arrival.sequence) return flight;
    }
    return undefined;
  }

  /** Waits at most `timeoutMs` for an arrival and reads all there are. Blocks the thread. */
  listen(timeoutMs: number): void {
    const sockets = [...this.#perSocket.keys()];
    if (sockets.length > 0) {
      const ready = poll(
        sockets.map(({ fd }) => fd),
        timeoutMs,
      );
      for (const index of ready) {
        const socket = sockets[index];
        if (socket === undefined) continue;
        for (let arrival = socket.take(); arrival !== undefined; arrival = socket.take()) this.#land(socket, arrival);
      }
    }
    this.#lookedAt = Bun.nanoseconds();
  }

  /** Gives up those that left before `deadline` (nanoseconds). */
  expire(deadline: number): void {
    for (const flight of this.#open.values()) {
      if (flight.sentAt > deadline) return;
      this.#remove(flight);
    }
  }
}
