import { describe, expect, test } from "bun:test";
import { OvsdbError } from "./error.ts";
import { type Operation, operationToJson, resultsOf } from "./operation.ts";
import type { Json } from "./value.ts";

const id = "5e1f2a3b-7c6d-4e8f-9a0b-1c2d3e4f5a6b";

// RFC 7047, section 5.2: one member per word of the operation, values in the notation of section 5.1.
test.each<[Operation, Json]>([
  [
    {
      op: "insert",
      table: "Port",
      name: { named: "row1" },
      row: { name: "a-b", interfaces: { named: "row0" }, trunks: new Set([3]) },
    },
    {
      op: "insert",
      table: "Port",
      "uuid-name": "row1",
      row: { name: "a-b", interfaces: ["named-uuid", "row0"], trunks: ["set", [3]] },
    },
  ],
  [
    {
      op: "select",
      table: "Port",
      where: [["external_ids", "includes", new Map([["owner", "me"]])]],
      columns: ["_uuid"],
    },
    {
      op: "select",
      table: "Port",
      where: [["external_ids", "includes", ["map", [["owner", "me"]]]]],
      columns: ["_uuid"],
    },
  ],
  [
    { op: "update", table: "Bridge", where: [["_uuid", "==", { uuid: id }]], row: { controller: new Set() } },
    { op: "update", table: "Bridge", where: [["_uuid", "==", ["uuid", id]]], row: { controller: ["set", []] } },
  ],
  [
    { op: "mutate", table: "Open_vSwitch", where: [], mutations: [["next_cfg", "+=", 1]] },
    { op: "mutate", table: "Open_vSwitch", where: [], mutations: [["next_cfg", "+=", 1]] },
  ],
  [
    { op: "delete", table: "Queue", where: [["dscp", ">=", 8]] },
    { op: "delete", table: "Queue", where: [["dscp", ">=", 8]] },
  ],
  [
    { op: "wait", table: "Bridge", where: [["name", "==", "x"]], columns: ["name"], rows: [], timeout: 0 },
    { op: "wait", table: "Bridge", where: [["name", "==", "x"]], columns: ["name"], until: "==", rows: [], timeout: 0 },
  ],
])("%j", (operation, json) => {
  expect(operationToJson(operation)).toEqual(json);
});

describe("results", () => {
  const operations: readonly Operation[] = [
    { op: "wait", table: "Bridge", where: [], columns: ["name"], rows: [], timeout: 0 },
    { op: "insert", table: "Interface", row: { name: "x" } },
    { op: "mutate", table: "Bridge", where: [], mutations: [] },
    { op: "select", table: "Bridge", where: [], columns: ["name"] },
  ];
  const refusalOf = (answer: Json): OvsdbError => {
    try {
      resultsOf(operations, answer);
    } catch (error) {
      if (error instanceof OvsdbError) return error;
      throw error;
    }
    throw new Error("it was taken for good");
  };

  test("are those of their operations", () => {
    const answer: Json = [{}, { uuid: ["uuid", id] }, { count: 2 }, { rows: [{ name: "br0" }] }];
    expect(resultsOf(operations, answer)).toEqual([
      {},
      { uuid: { uuid: id } },
      { count: 2 },
      { rows: [{ name: "br0" }] },
    ]);
  });

  test("a refusal is where its operation is, and what follows was not done", () => {
    const error = refusalOf([{ error: "timed out", details: '"where" clause test failed' }, null, null, null]);
    expect(error).toMatchObject({ code: "refused", reason: "timed out", table: "Bridge" });
    expect(error.column).toBeUndefined();
    expect(error.message).toBe('wait in table Bridge: timed out: "where" clause test failed');
  });

  test("a refusal of the commit is behind them", () => {
    const details =
      'Transaction causes multiple rows in "Interface" table to have identical values (x) for index on column "name".';
    const answer: Json = [
      {},
      { uuid: ["uuid", id] },
      { count: 1 },
      { rows: [] },
      { error: "constraint violation", details },
    ];
    expect(refusalOf(answer)).toMatchObject({ reason: "constraint violation", table: "Interface", column: "name" });
  });

  test("fewer than there were operations are no answer", () => {
    expect(refusalOf([{}])).toMatchObject({ code: "protocol" });
    expect(refusalOf({ rows: [] })).toMatchObject({ code: "protocol" });
    expect(refusalOf([{}, {}, null, {}])).toMatchObject({ code: "protocol" });
  });
});
