import { describe, expect, test } from "bun:test";
import { globals } from "../shared-flags.ts";
import { commands } from "./index.ts";

test("no two commands have a name in common", () => {
  const names = commands.flatMap(({ name, aliases = [], silentAliases = [] }) => [name, ...aliases, ...silentAliases]);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

describe("flags", () => {
  for (const { name, flags } of commands) {
    test(`of ${name} have spellings of their own`, () => {
      const spellings = Object.entries({ ...flags, ...globals }).flatMap(([long, { short, aliases = [] }]) => [
        long,
        ...(short === undefined ? [] : [short]),
        ...aliases.flatMap((one) => [one.long, ...(one.short === undefined ? [] : [one.short])]),
      ]);
      expect(spellings.filter((word, at) => spellings.indexOf(word) !== at)).toEqual([]);
    });
  }
});

test("every command that is shown has examples", () => {
  expect(commands.filter(({ hidden, examples }) => hidden !== true && examples.length === 0)).toEqual([]);
});
