import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { tuning } from "../../src/plugins/tuning/main.ts";
import { parseIfName } from "../../src/values/index.ts";
import { PluginHost } from "./plugin-host.ts";

const root = mkdtempSync(join(tmpdir(), "tuning-"));
afterAll(() => rmSync(root, { recursive: true }));
const dataDir = join(root, "a", "tuning");
const file = join(dataDir, "c1_eth0.json");
const sysctl = { "net.ipv4.ip_forward": "1" };

describe("tuning's life", () => {
  let host: PluginHost;
  const make = (conf: object) => {
    host = new PluginHost({ dataDir, ...conf });
    host.kernel.run([{ do: "sysctl.set", netns: "pod", key: "net/ipv4/ip_forward", value: "0" }]);
    return host;
  };
  const eth0 = () => host.kernel.link("pod", "eth0");
  beforeEach(() => rmSync(dataDir, { recursive: true, force: true }));

  test("ADD, CHECK, DEL, DEL", async () => {
    make({ sysctl, mtu: 1400, mac: "02:00:00:00:00:77", promisc: true });
    const result = await host.call(tuning, "ADD");
    expect(result?.interfaces?.[1]?.mac).toBe("02:00:00:00:00:77");
    expect(eth0()).toMatchObject({ mtu: 1400, promisc: true });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await host.call(tuning, "CHECK");
    await host.call(tuning, "DEL");
    expect(eth0()).toMatchObject({ mtu: 1500, mac: "02:00:00:00:00:02" });
    expect(eth0()?.promisc).toBeUndefined();
    expect(readdirSync(dataDir)).toEqual([]);
    await host.call(tuning, "DEL");
  });

  test("an ADD that fails leaves nothing", async () => {
    make({ sysctl, mtu: 10 });
    const before = host.picture();
    expect(await host.fault(tuning, "ADD")).toMatchObject({ message: expect.stringContaining("mtu") as string });
    expect(host.picture()).toEqual(before);
    expect(host.kernel.sysctl("pod", "net/ipv4/ip_forward")).toBe("0");
    expect(existsSync(file)).toBe(false);
  });

  test("an ADD without an interface or a previous result", async () => {
    make({ mtu: 1400 });
    expect(await host.fault(tuning, "ADD", { ifname: "net9" })).toMatchObject({ code: 102 });
    expect(await host.fault(tuning, "CHECK", { ifname: "net9" })).toMatchObject({ code: 105 });
    expect(await host.fault(tuning, "ADD", { chained: false })).toMatchObject({
      code: 7,
      message: "cannot ADD: tuning must come after another plugin",
    });
    expect(existsSync(file)).toBe(false);
  });

  test("two tunings in a chain: what was there before both comes back", async () => {
    make({ mtu: 1400 });
    await host.call(tuning, "ADD");
    await host.call(tuning, "ADD", { conf: { dataDir, mtu: 1300, txQLen: 7 } });
    expect(eth0()).toMatchObject({ mtu: 1300, txQueueLen: 7 });
    await host.call(tuning, "DEL");
    expect(eth0()).toMatchObject({ mtu: 1500, txQueueLen: 1000 });
  });

  test("DEL before ADD, with the namespace gone, and with the interface gone", async () => {
    make({ mtu: 1400 });
    await host.call(tuning, "DEL");
    await host.call(tuning, "DEL", { pod: false });
    expect(existsSync(dataDir)).toBe(false);
    await host.call(tuning, "ADD");
    await host.call(tuning, "DEL", { pod: false });
    expect(existsSync(file)).toBe(false);
    await host.call(tuning, "ADD");
    host.kernel.run([{ do: "link.delete", netns: "pod", name: parseIfName("eth0") }]);
    await host.call(tuning, "DEL");
    expect(existsSync(file)).toBe(false);
  });

  test("what the reference saved is put back", async () => {
    make({});
    await host.call(tuning, "ADD", { conf: { dataDir, mtu: 1400 } });
    writeFileSync(file, '{\n "mac": "02:00:00:00:00:44",\n "mtu": 1450\n}');
    await host.call(tuning, "DEL");
    expect(eth0()).toMatchObject({ mtu: 1450, mac: "02:00:00:00:00:44" });
  });

  test("what the kernel does not take back is told, and DEL goes on", async () => {
    make({});
    await host.call(tuning, "ADD", { conf: { dataDir, mtu: 1400, txQLen: 7 } });
    writeFileSync(file, '{"mtu":20,"txQLen":900}');
    await host.call(tuning, "DEL");
    expect(eth0()).toMatchObject({ mtu: 1400, txQueueLen: 900 });
    expect(host.warnings).toEqual([expect.stringContaining("tuning: ip -n pod link set dev eth0 mtu 20")]);
    expect(existsSync(file)).toBe(false);
  });

  test("GC removes what is this network's and not valid", async () => {
    make({ mtu: 1400 });
    await host.call(tuning, "ADD");
    await host.call(tuning, "ADD", { containerId: "c2" });
    await host.call(tuning, "ADD", { containerId: "c3", network: "net2" });
    writeFileSync(join(dataDir, "c4_eth0.json"), '{"mtu":1500}');
    await host.call(tuning, "GC", {});
    expect(readdirSync(dataDir)).toHaveLength(4);
    await host.call(tuning, "GC", { valid: [{ containerID: "c2", ifname: "eth0" }] });
    expect(readdirSync(dataDir).toSorted()).toEqual(["c2_eth0.json", "c3_eth0.json", "c4_eth0.json"]);
    expect(JSON.parse(readFileSync(join(dataDir, "c2_eth0.json"), "utf8"))).toMatchObject({ network: "net1" });
  });

  test("a folder that cannot be written is an error with its place", async () => {
    writeFileSync(join(root, "plain"), "");
    make({ mtu: 1400, dataDir: join(root, "plain", "x") });
    expect(await host.fault(tuning, "ADD")).toMatchObject({
      code: 106,
      details: expect.stringContaining("at dataDir") as string,
    });
    expect(eth0()?.mtu).toBe(1500);
  });
});
