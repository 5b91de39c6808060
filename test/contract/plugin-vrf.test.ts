import { beforeEach, describe, expect, test } from "bun:test";
import { vrf } from "../../src/plugins/vrf/main.ts";
import { parseIfName, parseIp, parsePrefix } from "../../src/values/index.ts";
import { PluginHost } from "./plugin-host.ts";

const dev = parseIfName("eth0");
const route = { dst: parsePrefix("0.0.0.0/0"), via: parseIp("10.0.0.1"), dev };

describe("vrf's life", () => {
  let host: PluginHost;
  beforeEach(() => {
    host = new PluginHost({ vrfname: "blue" });
    host.kernel.run([{ do: "route.put", netns: "pod", route }]);
  });
  const at = () => host.kernel.facts({ namespaces: ["pod"] }).get("pod");

  test("ADD, CHECK, DEL, DEL", async () => {
    expect(await host.call(vrf, "ADD")).toBe(host.prev);
    expect(host.kernel.link("pod", "blue")).toMatchObject({ kind: "vrf", up: true, data: { table: 1 } });
    expect(host.kernel.link("pod", "eth0")?.master).toBe(parseIfName("blue"));
    expect(at()?.routes).toContainEqual({ ...route, table: 1, protocol: "static" });
    await host.call(vrf, "CHECK");
    await host.call(vrf, "DEL");
    expect(host.kernel.link("pod", "blue")).toBeUndefined();
    expect(host.kernel.link("pod", "eth0")?.master).toBeUndefined();
    await host.call(vrf, "DEL");
    await host.call(vrf, "DEL", { pod: false });
    expect(await host.fault(vrf, "CHECK")).toMatchObject({ code: 105 });
  });

  test("an ADD that fails leaves nothing", async () => {
    const before = host.picture();
    const run = host.kernel.run.bind(host.kernel);
    host.kernel.run = (ops) => {
      const refused = ops.map((op) =>
        op.do === "route.put" && op.route.table !== undefined
          ? { ...op, route: { ...op.route, via: parseIp("192.0.2.1") } }
          : op,
      );
      run(refused);
    };
    expect(await host.fault(vrf, "ADD")).toMatchObject({ message: expect.stringContaining("192.0.2.1") as string });
    host.kernel.run = run;
    expect(host.picture()).toEqual(before);
  });

  test("without a result, without an interface", async () => {
    expect(await host.fault(vrf, "ADD", { chained: false })).toMatchObject({ code: 7 });
    expect(await host.fault(vrf, "ADD", { ifname: "net1" })).toMatchObject({ code: 102 });
    expect(host.kernel.link("pod", "blue")).toBeUndefined();
  });
});
