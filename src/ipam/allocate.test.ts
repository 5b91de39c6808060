import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type Ip, parseIp } from "../values/index.ts";
import { allocate, usage } from "./allocate.ts";
import { MemoryStore } from "./memory.ts";
import { rangeWith, sizeOf } from "./pool.ts";
import { type RangeSet, type RangeText, readRange } from "./range.ts";
import { reserve } from "./reserve.ts";
import type { Owner } from "./store.ts";

const set = (...texts: readonly RangeText[]): RangeSet => texts.map((text, i) => readRange(text, `[${i}]`));
const small = set({ subnet: "10.0.0.0/29" });
const six = set({ subnet: "fd00::/125" });
const owner = (n: number): Owner => ({ containerId: `c${n}`, ifname: "eth0" });
const ask = (store: MemoryStore, sets: readonly RangeSet[], who: Owner, ...requested: string[]) =>
  reserve(store, sets, who, requested.map(parseIp));
const given = (answer: ReturnType<typeof reserve>): string[] =>
  answer.kind === "allocated" ? answer.picks.map(({ ip }) => ip) : [answer.kind];

test("goes round, so an address that became free is given last", () => {
  const store = new MemoryStore();
  expect([1, 2, 3].flatMap((n) => given(ask(store, [small], owner(n))))).toEqual(["10.0.0.2", "10.0.0.3", "10.0.0.4"]);
  store.free((ledger) => ledger.of(owner(1)));
  expect([4, 5, 6].flatMap((n) => given(ask(store, [small], owner(n))))).toEqual(["10.0.0.5", "10.0.0.6", "10.0.0.2"]);
  expect(ask(store, [small], owner(7))).toEqual({ kind: "exhausted", set: 0, size: 5n });
});

test("one address of each set, all or none", () => {
  const store = new MemoryStore();
  expect(given(ask(store, [small, six], owner(1)))).toEqual(["10.0.0.2", "fd00::2"]);
  for (let n = 2; n <= 5; n++) ask(store, [small], owner(n));
  const before = store.read((ledger) => ledger.all());
  expect(ask(store, [six, small], owner(9))).toEqual({ kind: "exhausted", set: 1, size: 5n });
  expect(store.read((ledger) => ledger.all())).toEqual(before);
});

describe("who has an address already", () => {
  test("is refused, but not on another interface", () => {
    const store = new MemoryStore();
    ask(store, [small], owner(1));
    expect(ask(store, [small], owner(1))).toEqual({ kind: "duplicate", set: 0, ips: [parseIp("10.0.0.2")] });
    expect(given(ask(store, [small], { containerId: "c1", ifname: "net1" }))).toEqual(["10.0.0.3"]);
    expect(given(ask(store, [six], owner(1)))).toEqual(["fd00::2"]);
  });
  test("is not asked when it wants a certain one", () => {
    const store = new MemoryStore();
    ask(store, [small], owner(1));
    expect(given(ask(store, [small], owner(1), "10.0.0.6"))).toEqual(["10.0.0.6"]);
  });
  test("has it also by a reservation without interface", () => {
    const store = new MemoryStore();
    store.change((ledger) => ledger.reserve(parseIp("10.0.0.2"), { containerId: "c1" }, 0));
    expect(ask(store, [small], owner(1)).kind).toBe("duplicate");
  });
});

describe("requested addresses", () => {
  test("are given in the order in which they are asked for", () => {
    const store = new MemoryStore();
    const sets = [small, set({ subnet: "10.0.1.0/24" }), six];
    expect(given(ask(store, sets, owner(1), "fd00::5", "10.0.0.4", "10.0.1.9"))).toEqual([
      "10.0.0.4",
      "10.0.1.9",
      "fd00::5",
    ]);
    expect(given(ask(store, sets, owner(2), "10.0.1.77"))).toEqual(["10.0.0.5", "10.0.1.77", "fd00::6"]);
  });
  test("are refused for a reason", () => {
    const store = new MemoryStore();
    ask(store, [small], owner(1), "10.0.0.4");
    const before = store.read((ledger) => ledger.all());
    expect(ask(store, [small], owner(2), "10.0.0.4")).toEqual({
      kind: "taken",
      set: 0,
      ip: parseIp("10.0.0.4"),
      by: owner(1),
    });
    expect(ask(store, [small], owner(2), "10.0.0.1")).toEqual({ kind: "gateway", set: 0, ip: parseIp("10.0.0.1") });
    expect(ask(store, [small], owner(2), "10.0.0.7", "10.0.0.3")).toEqual({
      kind: "outside",
      ips: [parseIp("10.0.0.7")],
    });
    expect(ask(store, [small], owner(2), "10.0.0.2", "10.0.0.3")).toEqual({
      kind: "too-many",
      ips: [parseIp("10.0.0.3")],
    });
    expect(store.read((ledger) => ledger.all())).toEqual(before);
  });
  test("may be said twice", () => {
    expect(given(ask(new MemoryStore(), [small], owner(1), "10.0.0.4", "10.0.0.4"))).toEqual(["10.0.0.4"]);
  });
});

test("any course of asking and freeing: never twice, never the gateway, full exactly when full", () => {
  const step = fc.record({ free: fc.boolean(), who: fc.nat(12) });
  const pool = set(
    { subnet: "10.0.0.0/29" },
    { subnet: "10.0.1.0/28", rangeStart: "10.0.1.1", rangeEnd: "10.0.1.4", gateway: "10.0.1.3" },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const store = new MemoryStore();
      const has = new Map<number, Ip>();
      for (const { free, who } of steps) {
        if (free) {
          const ip = has.get(who);
          expect(store.free((ledger) => ledger.of(owner(who)))).toEqual(ip === undefined ? [] : [ip]);
          has.delete(who);
          continue;
        }
        const same = store.read((ledger) => allocate([pool], owner(who), [], ledger));
        const answer = reserve(store, [pool], owner(who), []);
        expect(answer).toEqual(same);
        if (has.has(who)) expect(answer.kind).toBe("duplicate");
        else if (BigInt(has.size) === sizeOf(pool)) expect(answer.kind).toBe("exhausted");
        else {
          const [ip] = answer.kind === "allocated" ? answer.picks.map((pick) => pick.ip) : [];
          if (ip === undefined) throw new Error(`${answer.kind} with ${has.size} taken`);
          expect([...has.values()]).not.toContain(ip);
          expect(rangeWith(pool, ip)?.gateway).not.toBe(ip);
          has.set(who, ip);
        }
        expect(store.read((ledger) => usage(pool, ledger))).toEqual({ size: sizeOf(pool), taken: BigInt(has.size) });
      }
    }),
  );
});
