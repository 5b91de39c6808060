/** What every store of reservations must do; run against each implementation. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { type Owner, type Reservation, type Store, owns } from "../../src/ipam/index.ts";
import { parseIp } from "../../src/values/index.ts";

const ips = ["10.0.0.5", "10.0.0.50", "10.0.0.6", "fd00::5", "fd00::50", "110.0.0.5"].map(parseIp);
const owners: readonly Owner[] = ["c1", "c10", "xc1"].flatMap((containerId) =>
  ["eth0", "eth01", "net1"].map((ifname) => ({ containerId, ifname })),
);
const [ip = parseIp("::"), near = ip, other = ip] = ips;
const [owner = { containerId: "c1", ifname: "eth0" }, second = owner] = owners;

export function reservationsSuite(open: () => Store): void {
  test("an address is taken once", () => {
    const store = open();
    expect(store.read((ledger) => ledger.taken(ip))).toBe(false);
    expect(store.change((ledger) => ledger.reserve(ip, owner, 0))).toBe(true);
    expect(store.change((ledger) => ledger.reserve(ip, second, 0))).toBe(false);
    expect(
      store.read((ledger) => [ledger.taken(ip), ledger.taken(near), ledger.ownerOf(ip), ledger.ownerOf(near)]),
    ).toEqual([true, false, owner, undefined]);
  });

  test("a change sees what it did itself", () => {
    open().change((ledger) => {
      ledger.reserve(ip, owner, 3);
      ledger.reserve(other, owner, 3);
      expect(ledger.of(owner).toSorted()).toEqual([ip, other].toSorted());
      expect(ledger.last(3)).toBe(other);
      ledger.release([ip]);
      expect(ledger.of(owner)).toEqual([other]);
      expect(ledger.taken(ip)).toBe(false);
      expect(ledger.reserve(ip, second, 3)).toBe(true);
      expect(ledger.all()).toHaveLength(2);
    });
  });

  test("the last address stays known after it is free again", () => {
    const store = open();
    store.change((ledger) => {
      ledger.reserve(ip, owner, 1);
      ledger.release([ip]);
    });
    expect(store.read((ledger) => [ledger.last(0), ledger.last(1)])).toEqual([undefined, ip]);
  });

  test("freeing says what it freed, and does not mind what is free", () => {
    const store = open();
    expect(store.free((ledger) => ledger.of(owner))).toEqual([]);
    store.change((ledger) => ledger.reserve(ip, owner, 0));
    store.change((ledger) => ledger.reserve(other, second, 0));
    expect(store.free((ledger) => ledger.of(owner))).toEqual([ip]);
    expect(store.free(() => [ip])).toEqual([ip]);
    expect(store.read((ledger) => ledger.all())).toEqual([{ ip: other, owner: second }]);
  });

  test("what was done before a body throws stays done", () => {
    const store = open();
    expect(() =>
      store.change((ledger) => {
        ledger.reserve(ip, owner, 0);
        throw new RangeError("on purpose");
      }),
    ).toThrow(RangeError);
    expect(store.read((ledger) => ledger.taken(ip))).toBe(true);
    expect(store.change((ledger) => ledger.of(owner))).toEqual([ip]);
  });

  test("any history gives what a list would", () => {
    const step = fc.record({
      release: fc.nat({ max: 7 }).map((n) => n === 0),
      ip: fc.nat({ max: 300 }).map((n) => parseIp(`10.0.${n >> 4}.${n & 15}`)),
      owner: fc.constantFrom(...owners),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const store = open();
        const list: Reservation[] = [];
        for (const { release, ip: at, owner: by } of steps) {
          if (release) {
            const freed = store.free((ledger) => ledger.of(by));
            expect(freed.toSorted()).toEqual(
              list
                .filter((one) => owns(by, one.owner))
                .map((one) => one.ip)
                .toSorted(),
            );
            list.splice(0, list.length, ...list.filter((one) => !owns(by, one.owner)));
          } else {
            const free = !list.some((one) => one.ip === at);
            expect(store.change((ledger) => ledger.reserve(at, by, 0))).toBe(free);
            if (free) list.push({ ip: at, owner: by });
          }
          expect(store.read((ledger) => ledger.all()).toSorted(byIp)).toEqual(list.toSorted(byIp));
        }
      }),
      { numRuns: 30 },
    );
  });
}

function byIp(a: Reservation, b: Reservation): number {
  return a.ip < b.ip ? -1 : 1;
}
