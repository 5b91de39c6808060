import { describe, expect, test } from "bun:test";
import { embedTemplate, parseTemplate } from "../../values/index.ts";
import { type Question, enumerate } from "./enumerate.ts";

const v4 = parseTemplate("172.16.0.0/16/24");
const v6 = embedTemplate("1000::1:0.0.0.0", v4);
const some = (first: number, last = first) => ({ first: BigInt(first), last: BigInt(last) });

function namesOf(question: Partial<Question>) {
  const { view, shown, total, what } = enumerate({
    templates: [v4],
    nets: undefined,
    hosts: undefined,
    limit: 1000,
    ...question,
  });
  expect(shown).toBe(view.names.length);
  return { names: view.names, total, what };
}

describe("nets", () => {
  test("all of a template", () => {
    const { names, total, what } = namesOf({});
    expect([names.length, names[0], names[255], total, what]).toEqual([
      256,
      "172.16.0.0/24",
      "172.16.255.0/24",
      256n,
      "nets",
    ]);
  });

  test("of two templates side by side, the larger goes on alone", () => {
    const wide = parseTemplate("fd00::/56/60");
    const narrow = parseTemplate("10.0.0.0/30/31");
    expect(namesOf({ templates: [narrow, wide], limit: 5 })).toEqual({
      names: ["10.0.0.0/31", "fd00::/60", "10.0.0.2/31", "fd00:0:0:10::/60", "fd00:0:0:20::/60"],
      total: 18n,
      what: "nets",
    });
  });

  test("of 2^48, the first", () => {
    expect(namesOf({ templates: [parseTemplate("fd00::/16/64")], limit: 2 })).toEqual({
      names: ["fd00::/64", "fd00:0:0:1::/64"],
      total: 2n ** 48n,
      what: "nets",
    });
  });
});

describe("hosts", () => {
  test("of a net, in both families", () => {
    expect(namesOf({ templates: [v4, v6], nets: some(2), hosts: some(3, 4) })).toEqual({
      names: ["172.16.2.3/24", "1000::1:ac10:203/120", "172.16.2.4/24", "1000::1:ac10:204/120"],
      total: 4n,
      what: "addresses",
    });
  });

  test("the same host of all nets; all hosts of a net", () => {
    expect(namesOf({ hosts: some(1) })).toMatchObject({ total: 256n });
    const { names, total } = namesOf({ nets: some(7) });
    expect([names[0], names.at(-1), total]).toEqual(["172.16.7.0/24", "172.16.7.255/24", 256n]);
  });

  test("so many at most", () => {
    expect(namesOf({ nets: some(0, 255), limit: 3 })).toEqual({
      names: ["172.16.0.0/24", "172.16.0.1/24", "172.16.0.2/24"],
      total: 65536n,
      what: "addresses",
    });
  });
});

test.each([
  [{ nets: some(256) }, "--net 256 does not fit: 172.16.0.0/16/24 has nets 0-255"],
  [{ hosts: some(1, 256) }, "--host 256 does not fit: 172.16.0.0/16/24 has hosts 0-255"],
])("%p is refused: %s", (question, message) => {
  expect(() => namesOf(question)).toThrow(message);
});
