import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embedTemplate, parseTemplate } from "../../values/index.ts";
import { printShuffled, shuffle } from "../../xcluster/index.ts";
import { sliceView } from "./slice-view.ts";
import { writeList } from "./write-list.ts";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "netloom-list-"))));
afterAll(() => rmSync(folder, { recursive: true }));

const v4 = parseTemplate("172.16.0.0/16/24");
const templates = [v4, embedTemplate("1000::1:0.0.0.0", v4)];
const division = { nodes: 4, pods: 2 };

describe("slices", () => {
  const list = shuffle("demo");
  const fileOf = (text: string): string => {
    const file = join(folder, "list");
    writeFileSync(file, text);
    return file;
  };

  test("each node's line and those of its pods", () => {
    const { rows } = sliceView({ file: fileOf(printShuffled(list)), division, node: undefined, templates });
    expect(rows.map(({ line, podLines }) => [line, podLines])).toEqual([
      [1, "5-6"],
      [2, "7-8"],
      [3, "9-10"],
      [4, "11-12"],
    ]);
    expect(rows[2]).toMatchObject({ number: list.numbers[2], podNumbers: `${list.numbers[8]} ${list.numbers[9]}` });
  });

  test("of one node, with addresses", () => {
    const { names } = sliceView({ file: fileOf(printShuffled(list)), division, node: 3, templates });
    const numbers = [list.numbers[2], list.numbers[8], list.numbers[9]];
    const expected = numbers.flatMap((n = 0) => [`172.16.0.${n}/24`, `1000::1:ac10:${n.toString(16)}/120`]);
    expect(names).toEqual(expected);
  });

  test("whether the list is what its seed makes", () => {
    const data = (text: string) => sliceView({ file: fileOf(text), division, node: 1, templates }).data;
    expect(data(printShuffled(list))).toMatchObject({ seed: "demo", followsFromSeed: true, numbers: 254, used: 12 });
    expect(data(printShuffled({ ...list, seed: "other" }))).toMatchObject({ followsFromSeed: false });
    expect(data(printShuffled({ numbers: list.numbers }))).not.toHaveProperty("seed");
  });

  test.each([
    ["1\n2\n", "the list has 2"],
    ["1\n2\nx\n", `list:3: "x"`],
    [printShuffled(shuffle("demo", 4094)), "does not fit 172.16.0.0/16/24"],
  ])("a list that does not do is refused", (text, message) => {
    expect(() =>
      sliceView({ file: fileOf(text), division: { nodes: 99, pods: 40 }, node: undefined, templates }),
    ).toThrow(message);
  });

  test("no list, or none that can be read", () => {
    expect(() => sliceView({ file: folder, division, node: undefined, templates })).toThrow("Is a directory");
    const question = { file: join(folder, "none"), division, node: undefined, templates };
    expect(() => sliceView(question)).toThrow("there is no ");
  });
});

test("a list is written once, and replaced only by force", () => {
  const file = join(folder, "written");
  const text = printShuffled(shuffle("demo"));
  expect(writeList(file, text, false)).toBe("written");
  expect(writeList(file, text, false)).toBe("unchanged");
  expect(readFileSync(file, "utf8")).toBe(text);
  const other = printShuffled(shuffle("other"));
  expect(() => writeList(file, other, false)).toThrow("has another list");
  expect(readFileSync(file, "utf8")).toBe(text);
  expect(writeList(file, other, true)).toBe("written");
  expect(readFileSync(file, "utf8")).toBe(other);
});
