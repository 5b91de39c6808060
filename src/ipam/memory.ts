import type { Ip } from "../values/index.ts";
import { type Ledger, type OpenLedger, type Owner, type Store, owns } from "./store.ts";

/** Reservations that end with the process: for tests, and for asking what would be given. */
export class MemoryStore implements Store {
  readonly #held = new Map<Ip, Owner | undefined>();
  readonly #last = new Map<number, Ip>();

  read<T>(body: (ledger: Ledger) => T): T {
    return body(this.#ledger());
  }

  change<T>(body: (ledger: OpenLedger) => T): T {
    return body(this.#ledger());
  }

  free(select: (ledger: Ledger) => readonly Ip[]): readonly Ip[] {
    const ledger = this.#ledger();
    const ips = select(ledger);
    ledger.release(ips);
    return ips;
  }

  #ledger(): OpenLedger {
    return {
      taken: (ip) => this.#held.has(ip),
      of: (owner) => [...this.#held].filter(([, holder]) => owns(owner, holder)).map(([ip]) => ip),
      ownerOf: (ip) => this.#held.get(ip),
      last: (set) => this.#last.get(set),
      all: () => [...this.#held].map(([ip, owner]) => (owner === undefined ? { ip } : { ip, owner })),
      reserve: (ip, owner, set) => {
        if (this.#held.has(ip)) return false;
        this.#held.set(ip, owner);
        this.#last.set(set, ip);
        return true;
      },
      release: (ips) => ips.forEach((ip) => this.#held.delete(ip)),
    };
  }
}
