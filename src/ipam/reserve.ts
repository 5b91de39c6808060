import type { Ip } from "../values/index.ts";
import { type Allocation, allocate } from "./allocate.ts";
import type { RangeSet } from "./range.ts";
import type { Owner, Store } from "./store.ts";

/** {@link allocate} and reserve, as one step for all others: all addresses or none. @throws {IpamError} storage */
export function reserve(store: Store, sets: readonly RangeSet[], owner: Owner, requested: readonly Ip[]): Allocation {
  return store.change((ledger) => {
    for (;;) {
      const answer = allocate(sets, owner, requested, ledger);
      if (answer.kind !== "allocated") return answer;
      const done: Ip[] = [];
      try {
        for (const { ip, set } of answer.picks) {
          if (!ledger.reserve(ip, owner, set)) break;
          done.push(ip);
        }
      } catch (error) {
        ledger.release(done);
        throw error;
      }
      if (done.length === answer.picks.length) return answer;
      // Somebody who does not ask for the lock took one meanwhile; the ledger knows it now.
      ledger.release(done);
    }
  });
}
