import { beforeEach, describe, expect, test } from "bun:test";
import { firewall } from "../../src/plugins/firewall/main.ts";
import { firewallTable } from "../../src/plugins/firewall/table.ts";
import { parseIfName } from "../../src/values/index.ts";
import { PluginHost } from "./plugin-host.ts";

describe("firewall's life", () => {
  let host: PluginHost;
  const veth1 = parseIfName("veth1");
  beforeEach(() => {
    host = new PluginHost({ backend: "nftables", ingressPolicy: "isolated" });
    const bridge = { name: parseIfName("br0"), kind: "bridge", up: true } as const;
    host.kernel.run([
      { do: "link.add", netns: "host", link: bridge },
      { do: "link.set", netns: "host", name: veth1, set: { master: bridge.name }, was: {} },
    ]);
    (host.prev.interfaces as unknown[]).unshift({ name: "br0" });
    const { ips } = host.prev as unknown as { ips: { interface: number }[] };
    for (const ip of ips) ip.interface++;
  });
  const owners = () => host.kernel.ruleOwners("host", firewallTable);
  const isolated = () => host.kernel.link("host", "veth1")?.port?.isolated;

  test("ADD, CHECK, DEL, DEL", async () => {
    expect(await host.call(firewall, "ADD")).toBe(host.prev);
    expect([owners(), isolated()]).toEqual([["net1/eth0/c1"], true]);
    await host.call(firewall, "CHECK");
    // Neither the result nor the container are needed.
    await host.call(firewall, "DEL", { pod: false });
    expect(owners()).toEqual([]);
    await host.call(firewall, "DEL", { chained: true });
    expect(isolated()).toBe(false);
    expect(await host.fault(firewall, "CHECK")).toMatchObject({ code: 105 });
  });

  test("CHECK finds that the port is no longer isolated", async () => {
    await host.call(firewall, "ADD");
    host.kernel.run([{ do: "link.set", netns: "host", name: veth1, set: { port: { isolated: false } }, was: {} }]);
    expect(await host.fault(firewall, "CHECK")).toMatchObject({
      message: "the firewall is not as ADD made it: isolation of the bridge's port is missing",
    });
  });

  test("a backend is not needed where nothing else decides what is forwarded", async () => {
    await host.call(firewall, "ADD", { conf: {} });
    expect([owners(), isolated()]).toEqual([["net1/eth0/c1"], false]);
    await host.call(firewall, "CHECK", { conf: {} });
  });

  test("an ADD that fails leaves nothing", async () => {
    const before = host.picture();
    const run = host.kernel.run.bind(host.kernel);
    host.kernel.run = (ops) => {
      if (ops.some((op) => op.do === "link.set")) throw new Error("out of memory");
      run(ops);
    };
    await host.call(firewall, "ADD").then(
      () => expect.unreachable("it should have failed"),
      (error: Error) => expect(error.message).toBe("out of memory"),
    );
    expect([owners(), host.picture()]).toEqual([[], before]);
  });

  test("without a result, without a bridge", async () => {
    expect(await host.fault(firewall, "ADD", { chained: false })).toMatchObject({ code: 7 });
    expect(await host.fault(firewall, "ADD", { prevResult: {} })).toMatchObject({ code: 7 });
    expect(await host.fault(firewall, "STATUS", { conf: { backend: "firewalld" } })).toMatchObject({ code: 50 });
    await host.call(firewall, "STATUS");
  });

  test("GC takes away what is this network's and not valid", async () => {
    await host.call(firewall, "ADD", { conf: {} });
    await host.call(firewall, "ADD", { conf: {}, network: "net2" });
    await host.call(firewall, "GC", {});
    await host.call(firewall, "GC", { valid: [{ containerID: "c1", ifname: "eth0" }] });
    expect(owners()).toHaveLength(2);
    await host.call(firewall, "GC", { valid: [] });
    expect(owners()).toEqual(["net2/eth0/c1"]);
  });
});
