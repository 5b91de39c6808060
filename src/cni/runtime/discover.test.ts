import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CniError } from "../error.ts";
import { findNetwork, findNetworks, readNetwork } from "./discover.ts";

const top = mkdtempSync(join(tmpdir(), "netloom-netd-"));
afterAll(() => rmSync(top, { recursive: true }));
let dir = top;
let count = 0;
beforeEach(() => (dir = join(top, String(count++))));

function put(file: string, value: unknown): string {
  const path = join(dir, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}
const list = (name: string, ...types: readonly string[]) => ({ name, plugins: types.map((type) => ({ type })) });
const typesOf = (name: string) => findNetwork(dir, name).plugins.map(({ type }) => type);

describe("a folder of networks", () => {
  test("lists come before single plugins, each by file name, and the first of a name counts", () => {
    put("10-b.conf", { name: "b", type: "single" });
    put("05-b.json", { name: "b", type: "earlier" });
    put("30-a.conflist", list("a", "late"));
    put("20-a.conflist", list("a", "early"));
    put("01-a.conf", { name: "a", type: "single" });
    put("deeper/10-c.conflist", list("c", "hidden"));
    put("10-d.conflist.bak", list("d", "x"));
    expect(findNetworks(dir).lists.map((one) => [one.name, one.plugins[0]?.type])).toEqual([
      ["a", "early"],
      ["a", "late"],
      ["a", "single"],
      ["b", "earlier"],
      ["b", "single"],
    ]);
    expect(typesOf("a")).toEqual(["early"]);
    expect(typesOf("b")).toEqual(["earlier"]);
  });

  test("a file that cannot be read is told of, and does not hide the others", () => {
    put("10-bad.conflist", '{"name": "a"');
    put("20-a.conflist", list("a", "good"));
    const told: string[] = [];
    expect(findNetwork(dir, "a", ({ message }) => told.push(message)).plugins).toHaveLength(1);
    expect(told).toEqual([expect.stringContaining("10-bad.conflist") as string]);
  });

  test("a network that is not there is an error with what is", () => {
    put("10-bad.conflist", "{");
    put("20-a.conflist", list("a", "good"));
    const error = thrown(() => findNetwork(dir, "x"));
    expect(error.code).toBe(102);
    expect(error.message).toBe('there is no network called "x"');
    expect(error.details).toStartWith(`${dir} has a; cannot be read: ${dir}/10-bad.conflist:1:2: no JSON: `);
    expect(thrown(() => findNetwork(join(dir, "nowhere"), "x")).details).toBe(`there is none in ${dir}/nowhere`);
  });

  test("a file that is not there, and a folder, are told in words", () => {
    expect(thrown(() => readNetwork(join(dir, "none.conflist"))).message).toBe(`there is no file ${dir}/none.conflist`);
    put("a/10.conf", { type: "two" });
    expect(thrown(() => readNetwork(join(dir, "a"))).message).toBe(`${dir}/a is a folder`);
  });
});

describe("the sibling folder", () => {
  test("its plugins follow those of the list, by file name", () => {
    put("10-a.conflist", list("a", "one"));
    put("a/20.conf", { type: "three" });
    put("a/10.conf", { type: "two", mtu: 1400 });
    put("a/30.json", { type: "never" });
    const found = findNetwork(dir, "a");
    expect(found.plugins.map(({ type, where }) => [type, where])).toEqual([
      ["one", "plugins[0]"],
      ["two", join(dir, "a/10.conf")],
      ["three", join(dir, "a/20.conf")],
    ]);
    expect(found.plugins[1]?.text).toBe('{"type":"two","mtu":1400}');
  });

  test("it can bring all of them, and a list can do without it", () => {
    put("10-a.conflist", { name: "a" });
    put("a/10.conf", { type: "only" });
    put("20-b.conflist", { ...list("b", "one"), loadOnlyInlinedPlugins: true });
    put("b/10.conf", { type: "never" });
    expect(typesOf("a")).toEqual(["only"]);
    expect(typesOf("b")).toEqual(["one"]);
  });

  test("a bad file in it makes the network unreadable, as does having no plugin at all", () => {
    put("10-a.conflist", list("a", "one"));
    put("a/10.conf", { typ: "x" });
    put("20-b.conflist", { name: "b" });
    const problems = findNetworks(dir).problems.map(({ message }) => message);
    expect(problems).toEqual([`${dir}/a/10.conf: it has no type`, `${dir}/20-b.conflist: network b has no plugins`]);
  });
});

test("a list under the name of a single plugin is taken for what it is", () => {
  expect(readNetwork(put("a.json", list("a", "one", "two"))).plugins).toHaveLength(2);
});

function thrown(body: () => unknown): CniError {
  try {
    body();
  } catch (error) {
    if (error instanceof CniError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
