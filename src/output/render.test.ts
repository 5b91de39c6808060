import { expect, test } from "bun:test";
import { parse } from "yaml";
import { pods } from "./_fixture.ts";
import { renderJson } from "./json.ts";
import { render } from "./render.ts";
import { formats } from "./view.ts";

test("json carries schemaVersion, maps and big numbers", () => {
  expect(render(pods, "json")).toBe(`{
  "schemaVersion": 1,
  "pods": {
    "vm-001-ns01": {
      "mtu": 1430,
      "tx": "1152921504606846976",
      "up": "yes"
    }
  }
}
`);
});

test("json wraps what is no object, and drops what is absent", () => {
  const data = [new Set([1]), new Uint8Array([0xab]), { a: undefined }];
  expect(JSON.parse(renderJson(data))).toEqual({ schemaVersion: 1, items: [[1], "ab", {}] });
  expect(JSON.parse(renderJson(null))).toEqual({ schemaVersion: 1, items: null });
  expect(JSON.parse(renderJson(new Map([["a", 1]])))).toEqual({ schemaVersion: 1, a: 1 });
});

test("a map's key cannot reach a prototype", () => {
  const text = renderJson({ items: new Map([["__proto__", { polluted: true }]]) });
  expect(text).toContain('"__proto__"');
  expect(text).toContain("polluted");
});

test("cyclic data is refused", () => {
  const data: Record<string, unknown> = {};
  data["self"] = data;
  expect(() => renderJson(data)).toThrow(TypeError);
});

test("yaml says the same as json, safely for YAML 1.1 readers", async () => {
  const text = await render(pods, "yaml");
  expect(text).toStartWith("schemaVersion: 1\n");
  expect(text).toContain('up: "yes"\n');
  expect(parse(text)).toEqual(JSON.parse(await render(pods, "json")));
});

test("csv has every column under its key and quotes what needs it", () => {
  expect(render(pods, "csv")).toBe(
    [
      "name,state,addresses,mtu,mac",
      'vm-001-ns01,up,"172.16.1.1/24,1000::1:ac10:101/120",1430,02:00:00:00:00:01',
      '日本\u001b,down,"a ""b""",68,',
      "",
    ].join("\n"),
  );
});

test("name prints one name a line", () => {
  expect(render(pods, "name")).toBe("pod/vm-001-ns01\npod/日本\\x1b\n");
  expect(render({ ...pods, names: [] }, "name")).toBe("");
});

test("tables", () => {
  expect(render(pods, "table")).not.toContain("MAC ADDRESS");
  expect(render(pods, "wide")).toContain("MAC ADDRESS");
});

test("every format prints something", async () => {
  for (const format of formats) expect(await render(pods, format)).toEndWith("\n");
});

test("the yaml writer is not loaded before it is needed", () => {
  const script = `
    import "${import.meta.dir}/index.ts";
    console.log(Object.keys(require.cache).filter((path) => path.includes("node_modules")).length);
  `;
  expect(Bun.spawnSync([process.execPath, "-e", script]).stdout.toString().trim()).toBe("0");
});
