import { beforeEach, describe, expect, test } from "bun:test";
import { sbr } from "../../src/plugins/sbr/main.ts";
import { parseIfName, parseIp, parsePrefix } from "../../src/values/index.ts";
import { PluginHost } from "./plugin-host.ts";

const dev = parseIfName("eth0");

describe("sbr's life", () => {
  let host: PluginHost;
  beforeEach(() => {
    host = new PluginHost({ table: 200 });
    const route = { dst: parsePrefix("0.0.0.0/0"), via: parseIp("10.0.0.1"), dev };
    host.kernel.run([{ do: "route.put", netns: "pod", route }]);
  });
  const rules = () => host.kernel.facts({ namespaces: ["pod"] }).get("pod")?.rules ?? [];

  test("ADD, CHECK, DEL, DEL", async () => {
    const before = host.picture();
    expect(await host.call(sbr, "ADD")).toBe(host.prev);
    expect(rules().map(({ from, table }) => [from, table])).toEqual([
      [parsePrefix("10.0.0.2/32"), 200],
      [parsePrefix("fd00::2/128"), 200],
    ]);
    await host.call(sbr, "CHECK");
    await host.call(sbr, "DEL");
    expect(host.picture()).toEqual(before);
    await host.call(sbr, "DEL");
    expect(await host.fault(sbr, "CHECK")).toMatchObject({ code: 105 });
  });

  test("DEL with the interface gone goes by the result; with the namespace gone there is nothing to do", async () => {
    await host.call(sbr, "ADD");
    host.kernel.run([{ do: "link.delete", netns: "pod", name: dev }]);
    await host.call(sbr, "DEL", { pod: false });
    await host.call(sbr, "DEL");
    expect(rules()).toHaveLength(2);
    await host.call(sbr, "DEL", { chained: true });
    expect(rules()).toEqual([]);
  });

  test("an ADD that fails leaves nothing", async () => {
    const rule = { family: 6, priority: 32765, table: 200, from: parsePrefix("fd00::2/128") } as const;
    host.kernel.run([{ do: "rule.add", netns: "pod", rule }]);
    const before = host.picture();
    const run = host.kernel.run.bind(host.kernel);
    host.kernel.run = (ops) =>
      run(ops.map((op) => (op.do === "rule.add" && op.rule.family === 6 ? { ...op, rule } : op)));
    expect(await host.fault(sbr, "ADD")).toMatchObject({ message: expect.stringContaining("rule") as string });
    expect(host.picture()).toEqual(before);
  });

  test("without a result, without an interface", async () => {
    expect(await host.fault(sbr, "ADD", { chained: false })).toMatchObject({
      code: 7,
      message: expect.stringContaining("sbr") as string,
    });
    host.kernel.run([{ do: "link.delete", netns: "pod", name: dev }]);
    expect(await host.fault(sbr, "ADD")).toMatchObject({ code: 102 });
  });
});
