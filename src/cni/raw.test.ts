import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { itemsOf, memberOf, membersOf, objectOf, withMembers, withoutMembers } from "./raw.ts";

describe("taken apart", () => {
  test("values stay as they were written", () => {
    const text = ' { "a" : 12345678901234567890 ,"b":[1, {"c": "x,}\\""}], "\\u0064":1.0e3 , "e": { } } ';
    expect(membersOf(text)).toEqual([
      { key: "a", value: "12345678901234567890" },
      { key: "b", value: '[1, {"c": "x,}\\""}]' },
      { key: "d", value: "1.0e3" },
      { key: "e", value: "{ }" },
    ]);
    expect(itemsOf('[ 1, "a,b\\\\", [2,3],{"x":[]} ]')).toEqual(["1", '"a,b\\\\"', "[2,3]", '{"x":[]}']);
    expect(membersOf("{ }")).toEqual([]);
    expect(itemsOf("[\n]")).toEqual([]);
  });

  test("put together again it is the same value", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), (value, indent) => {
        expect(JSON.parse(objectOf(membersOf(JSON.stringify(value, undefined, indent))))).toEqual(
          JSON.parse(JSON.stringify(value)),
        );
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.nat(3), (value, indent) => {
        expect(itemsOf(JSON.stringify(value, undefined, indent)).map((item) => JSON.parse(item) as unknown)).toEqual(
          JSON.parse(JSON.stringify(value)) as unknown[],
        );
      }),
    );
  });
});

describe("keys in any case", () => {
  const members = membersOf('{"Name":"a","x":1,"NAME":"b"}');

  test("the last spelling counts, and one that is put in takes the place of all", () => {
    expect(memberOf(members, "name")).toBe('"b"');
    expect(objectOf(withMembers(members, [{ key: "name", value: '"n"' }]))).toBe('{"name":"n","x":1}');
    expect(objectOf(withMembers(members, [{ key: "y", value: "2" }]))).toBe('{"Name":"a","x":1,"NAME":"b","y":2}');
    expect(objectOf(withoutMembers(members, ["nAME"]))).toBe('{"x":1}');
  });
});
