import { beforeEach, describe, expect, test } from "bun:test";
import { portmap } from "../../src/plugins/portmap/main.ts";
import { portmapTable } from "../../src/plugins/portmap/table.ts";
import { parseIfName, parsePrefix } from "../../src/values/index.ts";
import { PluginHost } from "./plugin-host.ts";

const portMappings = [
  { hostPort: 8080, containerPort: 80, protocol: "tcp" },
  { hostPort: 53, containerPort: 53, protocol: "udp" },
];
const conf = { runtimeConfig: { portMappings } };

describe("portmap's life", () => {
  let host: PluginHost;
  beforeEach(() => {
    host = new PluginHost(conf);
    const veth1 = parseIfName("veth1");
    host.kernel.run([{ do: "addr.add", netns: "host", dev: veth1, addr: { prefix: parsePrefix("10.0.0.1/24") } }]);
    host.did.length = 0;
  });
  const owners = () => host.kernel.ruleOwners("host", portmapTable);

  test("ADD, CHECK, DEL, DEL", async () => {
    const before = host.picture();
    expect(await host.call(portmap, "ADD")).toBe(host.prev);
    expect(owners()).toEqual(["net1/eth0/c1"]);
    expect(host.did.slice(1)).toEqual([
      "ip netns exec host sysctl -w net/ipv4/conf/veth1/route_localnet=1",
      "ip netns exec host conntrack -D -f ipv4 -p udp --orig-port-dst 53",
      "ip netns exec host conntrack -D -f ipv6 -p udp --orig-port-dst 53",
    ]);
    await host.call(portmap, "CHECK");
    // Neither the mappings nor the result nor the container are needed.
    await host.call(portmap, "DEL", { conf: {}, pod: false });
    expect(owners()).toEqual([]);
    expect(host.picture()).toEqual(before);
    await host.call(portmap, "DEL", { conf: {} });
  });

  test("without mappings it passes the result on", async () => {
    expect(await host.call(portmap, "ADD", { conf: {} })).toBe(host.prev);
    expect(await host.call(portmap, "ADD", { prevResult: {} })).toEqual({});
    expect(owners()).toEqual([]);
    expect(await host.fault(portmap, "ADD", { chained: false, conf: {} })).toMatchObject({ code: 7 });
  });

  test("the last who wants a port gets it, and the holder is named", async () => {
    await host.call(portmap, "ADD");
    await host.call(portmap, "ADD", { containerId: "c2" });
    expect(host.warnings).toEqual([expect.stringContaining("net1/eth0/c1")]);
    await host.call(portmap, "CHECK", { containerId: "c2" });
    expect(await host.fault(portmap, "CHECK")).toMatchObject({
      code: 105,
      message: expect.stringContaining("tcp . 8080") as string,
    });
    await host.call(portmap, "DEL", { containerId: "c2" });
    expect(owners()).toEqual(["net1/eth0/c1"]);
  });

  test("an ADD again puts its rules in the place of those that were there", async () => {
    await host.call(portmap, "ADD");
    await host.call(portmap, "ADD", {
      conf: { runtimeConfig: { portMappings: [{ hostPort: 81, containerPort: 1 }] } },
    });
    expect(host.warnings).toEqual([]);
    expect(owners()).toEqual(["net1/eth0/c1"]);
    expect(await host.fault(portmap, "CHECK")).toMatchObject({ code: 105 });
  });

  test("an ADD that fails leaves nothing", async () => {
    const run = host.kernel.run.bind(host.kernel);
    host.kernel.run = (ops) => {
      if (ops.some((op) => op.do === "sysctl.set")) throw new Error("read-only file system");
      run(ops);
    };
    await host.call(portmap, "ADD").then(
      () => expect.unreachable("it should have failed"),
      (error: Error) => expect(error.message).toBe("read-only file system"),
    );
    expect(owners()).toEqual([]);
  });

  test("CHECK finds that packets to 127.0.0.1 are no longer let out", async () => {
    await host.call(portmap, "ADD");
    host.kernel.run([{ do: "sysctl.set", netns: "host", key: "net/ipv4/conf/veth1/route_localnet", value: "0" }]);
    expect(await host.fault(portmap, "CHECK")).toMatchObject({
      message: "published ports are not as ADD made them: 1 in net/ipv4/conf/veth1/route_localnet is missing",
    });
  });

  test("GC withdraws what is this network's and not valid", async () => {
    await host.call(portmap, "ADD");
    await host.call(portmap, "ADD", {
      containerId: "c2",
      conf: { runtimeConfig: { portMappings: [{ hostPort: 1, containerPort: 1 }] } },
      prevResult: { ips: [{ address: parsePrefix("10.0.0.3/24") }] },
    });
    await host.call(portmap, "ADD", {
      network: "net2",
      conf: { snat: false, runtimeConfig: { portMappings: [{ hostPort: 2, containerPort: 1 }] } },
    });
    await host.call(portmap, "GC", {});
    expect(owners()).toHaveLength(3);
    await host.call(portmap, "GC", { valid: [{ containerID: "c2", ifname: "eth0" }] });
    expect(owners()).toEqual(["net1/eth0/c2", "net2/eth0/c1"]);
  });

  test("STATUS", async () => {
    await host.call(portmap, "STATUS");
  });
});
