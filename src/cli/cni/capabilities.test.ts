import { expect, test } from "bun:test";
import { parseList } from "../../cni/runtime/index.ts";
import { uselessNote } from "./capabilities.ts";

const list = parseList(
  '{"cniVersion":"1.0.0","name":"net1","plugins":[{"type":"bridge"},{"type":"portmap","capabilities":{"portMappings":true,"mac":false}}]}',
  "net1.conflist",
);

test("values that no plugin gets are pointed out, with what a plugin says that takes them", () => {
  expect(uselessNote(list, { mac: "02:00:00:00:00:01" })).toBe(
    'no plugin of network net1 takes mac: one that does says "capabilities":{"mac":true}',
  );
});

test("not those that one takes", () => {
  expect(uselessNote(list, { portMappings: [] })).toBeUndefined();
  expect(uselessNote(list)).toBeUndefined();
});
