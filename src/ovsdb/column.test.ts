import { describe, expect, test } from "bun:test";
import { boolean, integer, optional, readRow, setOf, text, texts, uuid } from "./column.ts";
import { OvsdbError } from "./error.ts";
import type { Json } from "./value.ts";

const id = "0d1c2b3a-4958-6776-8594-a3b2c1d0e0f1";
const columns = {
  name: text,
  tag: optional(integer),
  trunks: setOf(integer),
  protected: boolean,
  interfaces: setOf(uuid),
  external_ids: texts,
};
const row: Readonly<Record<string, Json>> = {
  name: "p0",
  tag: ["set", []],
  trunks: ["set", [7, 9]],
  protected: false,
  interfaces: ["uuid", id],
  external_ids: ["map", [["owner", "me"]]],
};

test("a row is read column by column", () => {
  expect(readRow("Port", columns, row)).toEqual({
    name: "p0",
    tag: null,
    trunks: [7, 9],
    protected: false,
    interfaces: [{ uuid: id }],
    external_ids: { owner: "me" },
  });
});

test("a set of one is its element, bare or not", () => {
  for (const tag of [10, ["set", [10]]] as const) expect(readRow("Port", columns, { ...row, tag }).tag).toBe(10);
  for (const trunks of [7, ["set", [7]]] as const)
    expect(readRow("Port", columns, { ...row, trunks }).trunks).toEqual([7]);
});

describe("what a column cannot be names table and column", () => {
  test.each<[string, Json | undefined]>([
    ["name", 7],
    ["name", ["set", []]],
    ["name", ["set", ["a", "b"]]],
    ["name", undefined],
    ["tag", "7"],
    ["tag", 7.5],
    ["trunks", ["set", [7, "8"]]],
    ["protected", "false"],
    ["interfaces", "p0"],
    ["external_ids", ["map", [["owner", 1]]]],
    ["external_ids", "owner"],
  ])("%s: %j", (column, json) => {
    const { [column]: _, ...rest } = row;
    const wrong = json === undefined ? rest : { ...rest, [column]: json };
    const read = (): unknown => readRow("Port", columns, wrong);
    expect(read).toThrow(OvsdbError);
    expect(read).toThrow(expect.objectContaining({ code: "protocol", table: "Port", column }));
  });
});
