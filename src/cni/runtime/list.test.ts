import { describe, expect, test } from "bun:test";
import { CniError } from "../error.ts";
import { listOfOne, parseList, parsePlugin } from "./list.ts";

const text = `{
  "cniVersion": "1.0.0", "name": "n1", "disableCheck": "TRUE",
  "plugins": [{"type": "bridge", "big": 12345678901234567890}, {"Type": "portmap", "name": "pm",
               "capabilities": {"portMappings": true, "ips": false}}]
}`;

function failure(body: () => unknown): CniError {
  try {
    body();
  } catch (error) {
    if (error instanceof CniError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

describe("a list", () => {
  test("is read, with each plugin's text as it was written", () => {
    expect(parseList(text, "/x/a.conflist")).toEqual({
      name: "n1",
      cniVersion: "1.0.0",
      disableCheck: true,
      disableGC: false,
      loadOnlyInlinedPlugins: false,
      plugins: [
        {
          type: "bridge",
          capabilities: [],
          text: '{"type": "bridge", "big": 12345678901234567890}',
          where: "plugins[0]",
        },
        {
          type: "portmap",
          name: "pm",
          capabilities: ["portMappings"],
          text: expect.stringContaining('"Type": "portmap"') as string,
          where: "plugins[1]",
        },
      ],
      text,
      file: "/x/a.conflist",
    });
  });

  test("its own keys count only as the specification writes them", () => {
    expect(failure(() => parseList('{"Name": "n1", "plugins": [{"type": "a"}]}')).message).toContain("it has no name");
    expect(parseList('{"name": "n1", "DisableCheck": true}').disableCheck).toBe(false);
    expect(parseList('{"name": "n1"}')).toMatchObject({ cniVersion: "0.1.0", plugins: [] });
  });

  test.each([
    ["not JSON", "{\n]", 6, 'f.conflist:2:1: no JSON: a name in "" is expected'],
    ["no object", "[]", 6, "it is a list"],
    ["no name", "{}", 7, "it has no name"],
    ["a name that is a number", '{"name": 1}', 7, "name is a number"],
    ["a name with a path", '{"name": "../a"}', 7, 'name "../a"'],
    ["a flag that is a number", '{"name": "a", "disableGC": 1}', 7, "disableGC is a number"],
    ["a flag that is another word", '{"name": "a", "disableGC": "yes"}', 7, 'disableGC is "yes"'],
    ["only inlined ones, and none", '{"name": "a", "loadOnlyInlinedPlugins": true}', 7, "there is no plugins"],
    ["no plugin", '{"name": "a", "plugins": []}', 7, "plugins is empty"],
    ["plugins that are no list", '{"name": "a", "plugins": {}}', 7, "plugins is an object"],
    ["a plugin without type", '{"name": "a", "plugins": [{"type": "b"}, {}]}', 7, "plugins[1]: it has no type"],
    ["a type with a path", '{"name": "a", "plugins": [{"type": "a/b"}]}', 7, 'type "a/b" has a path'],
    ["a plugin that is a text", '{"name": "a", "plugins": ["b"]}', 6, "plugins[0]: it is a text"],
    ["a version that is none", '{"name": "a", "cniVersions": ["1.x"]}', 6, '"1.x"'],
    ["a version that is a number", '{"name": "a", "cniVersion": 1}', 7, "cniVersion is a number"],
  ])("%s is refused", (_, bad, code, says) => {
    const error = failure(() => parseList(bad, "f.conflist"));
    expect(error.code).toBe(code);
    expect(error.message).toContain(says);
  });
});

describe("the version", () => {
  test.each([
    ["0.4.0", undefined, "0.4.0"],
    [undefined, undefined, "0.1.0"],
    ["9.9.9", undefined, "9.9.9"],
    ["1.0.0", ["0.4.0", "1.1.0"], "1.1.0"],
    ["1.0.0", ["0.4.0", "2.0.0"], "1.0.0"],
    ["2.0.0", ["0.4.0", "0.3.1"], "0.4.0"],
    [undefined, ["3.0.0"], "0.1.0"],
    [undefined, ["0.3.1", "0.10.0", "1.0.0"], "1.0.0"],
  ])("of %p and %p is %p", (cniVersion, cniVersions, version) => {
    expect(parseList(JSON.stringify({ name: "a", cniVersion, cniVersions })).cniVersion).toBe(version);
  });
});

test("a single plugin becomes a list of one, its keys in any case", () => {
  const list = listOfOne('{"CNIVersion": "0.4.0", "NAME": "n1", "type": "bridge", "x": 1.0}', "n.conf");
  expect(list).toMatchObject({ name: "n1", cniVersion: "0.4.0", plugins: [{ type: "bridge" }] });
  expect(list.plugins[0]?.text).toContain('"x": 1.0');
  expect(failure(() => listOfOne('{"name": "n1"}', "n.conf")).message).toContain("it has no type");
});

test("a plugin's capabilities have to be an object", () => {
  expect(failure(() => parsePlugin('{"type": "a", "capabilities": ["x"]}', "plugins[0]")).message).toContain(
    "plugins[0]: capabilities is a list",
  );
});
