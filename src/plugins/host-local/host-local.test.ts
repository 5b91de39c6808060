import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Call, CniError, type JsonObject, type Result, type Work, callOf, specVersions } from "../../cni/index.ts";
import { hostLocal } from "./main.ts";

const root = mkdtempSync(join(tmpdir(), "netloom-host-local-"));
afterAll(() => rmSync(root, { recursive: true }));
let made = 0;

/** A network of its own, with its calls. */
function network(ipam: JsonObject, more: JsonObject = {}, version = "1.1.0") {
  const dataDir = join(root, String(made++));
  const undone: (() => void | Promise<void>)[] = [];
  const work = { dry: false, undo: (_: string, back: () => void) => undone.push(back) } as unknown as Work;
  const callFor = (command: Call["command"], id: string, args: string, extra: JsonObject): Call =>
    callOf(
      { command, containerId: id, netns: "/run/netns/x", ifname: "eth0", args, path: [], ownNetns: false },
      { cniVersion: version, name: "net1", type: "host-local", ipam: { dataDir, ...ipam }, ...more, ...extra },
      specVersions,
      () => {},
    );
  const run = async <C extends Exclude<Call["command"], "ADD">>(
    command: C,
    id = "c1",
    extra: JsonObject = {},
  ): Promise<void> => {
    const call = callFor(command, id, "", extra);
    const conf = hostLocal.parse(call);
    if (command === "DEL") await hostLocal.del(conf, call, work);
    else if (command === "CHECK") await hostLocal.check?.(conf, call, work);
    else if (command === "STATUS") await hostLocal.status?.(conf, call, work);
    else await hostLocal.gc?.(conf, call, work);
  };
  return {
    folder: join(dataDir, "net1"),
    undone,
    add: async (id = "c1", { args = "", extra = {}, dry = false } = {}): Promise<Result> => {
      const call = callFor("ADD", id, args, extra);
      return hostLocal.add(hostLocal.parse(call), call, dry ? { ...work, dry } : work);
    },
    run,
    files: () =>
      existsSync(join(dataDir, "net1"))
        ? readdirSync(join(dataDir, "net1")).filter((name) => /^[\da-f]+[.:]/.test(name))
        : [],
  };
}

async function fault(body: () => unknown): Promise<CniError> {
  try {
    await body();
  } catch (error) {
    if (error instanceof CniError) return error;
    throw error;
  }
  return expect.unreachable("it should have failed");
}

const four: JsonObject = { ranges: [[{ subnet: "10.1.0.0/29" }]] };
const addresses = (result: Result): readonly string[] => (result.ips ?? []).map(({ address }) => address);

describe("ADD", () => {
  test("gives one address of each set with the subnet's length, the gateway and the routes", async () => {
    const net = network({
      ranges: [[{ subnet: "10.1.0.0/24" }], [{ subnet: "fd01::/64", gateway: "fd01::9" }]],
      routes: [{ dst: "0.0.0.0/0" }, { dst: "192.0.2.0/24", gw: "10.1.0.7", priority: 5 }],
    });
    expect<unknown>(await net.add()).toEqual({
      ips: [
        { address: "10.1.0.2/24", gateway: "10.1.0.1" },
        { address: "fd01::1/64", gateway: "fd01::9" },
      ],
      routes: [{ dst: "0.0.0.0/0" }, { dst: "192.0.2.0/24", gw: "10.1.0.7", priority: 5 }],
    });
    expect(net.files().toSorted()).toEqual(["10.1.0.2", "fd01::1"]);
  });

  test("the runtime's ranges come first, then the old style, then the list; keys in any case", async () => {
    const net = network(
      { Subnet: "10.2.0.0/24", RANGESTART: "10.2.0.10", ranges: [[{ subnet: "10.3.0.0/24" }]] },
      { RuntimeConfig: { ipRanges: [[{ subnet: "10.1.0.0/24" }]] } },
    );
    expect(addresses(await net.add())).toEqual(["10.1.0.2/24", "10.2.0.10/24", "10.3.0.2/24"]);
  });

  test("all who ask for an address are heard", async () => {
    const net = network({
      ranges: [[{ subnet: "10.1.0.0/24" }], [{ subnet: "10.2.0.0/24" }], [{ subnet: "fd01::/64" }]],
    });
    const extra = { args: { cni: { ips: ["10.2.0.22"] } }, runtimeConfig: { ips: ["fd01::33/64"] } };
    expect(addresses(await net.add("c1", { args: "IP=10.1.0.11/24", extra }))).toEqual([
      "10.1.0.11/24",
      "10.2.0.22/24",
      "fd01::33/64",
    ]);
    expect(addresses(await net.add("c2", { args: "IgnoreUnknown=1;MAC=x;IP=" }))).toEqual([
      "10.1.0.12/24",
      "10.2.0.23/24",
      "fd01::34/64",
    ]);
  });

  test("when dry, it says what it would give and writes nothing", async () => {
    const net = network(four);
    expect(addresses(await net.add("c1", { dry: true }))).toEqual(["10.1.0.2/29"]);
    expect(existsSync(net.folder)).toBe(false);
    await net.add("c1");
    expect((await fault(() => net.add("c1", { dry: true }))).code).toBe(101);
    expect(addresses(await net.add("c2", { dry: true }))).toEqual(["10.1.0.3/29"]);
    expect(net.files()).toEqual(["10.1.0.2"]);
  });

  test("what it did can be undone, and nothing more", async () => {
    const net = network(four);
    await net.add("c1");
    await net.add("c1", { args: "IP=10.1.0.6" });
    await net.undone[1]?.();
    expect(net.files()).toEqual(["10.1.0.2"]);
    await net.undone[0]?.();
    await net.undone[0]?.();
    expect(net.files()).toEqual([]);
  });

  test("resolv.conf becomes DNS", async () => {
    const file = join(root, "resolv.conf");
    writeFileSync(
      file,
      "# a\n;b\nnameserver 192.0.2.1\n nameserver\t192.0.2.2 # c\ndomain d.example\nsearch a.example b.example\noptions x y:1\nodd\n",
    );
    expect((await network({ ...four, resolvConf: file }).add()).dns).toEqual({
      nameservers: ["192.0.2.1", "192.0.2.2"],
      domain: "d.example",
      search: ["a.example", "b.example"],
      options: ["x", "y:1"],
    });
    const net = network({ ...four, resolvConf: join(root, "none") });
    expect(await fault(() => net.add())).toMatchObject({ code: 106, message: expect.stringContaining("no such file") });
    expect(net.files()).toEqual([]);
  });
});

describe("ADD refuses", () => {
  test("a full range with its name and count", async () => {
    const net = network({ ranges: [[{ subnet: "10.1.0.0/30" }]] });
    await net.add("c1");
    expect(await fault(() => net.add("c2"))).toMatchObject({
      code: 103,
      message: "no address is left: the only one of 10.1.0.1-10.1.0.2 is reserved",
      details: expect.stringMatching(/^at ipam\.ranges\[0\]: .*GC/),
    });
  });

  test("a second address, naming the first", async () => {
    const net = network(four);
    await net.add("c1");
    expect(await fault(() => net.add("c1"))).toMatchObject({
      code: 101,
      message: expect.stringContaining("it has 10.1.0.2 of 10.1.0.1-10.1.0.6 already"),
    });
  });

  test.each([
    ["10.1.0.2", "is reserved for container c0, interface eth0"],
    ["10.1.0.1", "is the gateway"],
    ["10.9.0.1", "10.9.0.1 is in none of the ranges"],
  ])("the requested address %s: %s", async (ip, message) => {
    const net = network(four);
    await net.add("c0");
    expect(await fault(() => net.add("c1", { args: `IP=${ip}` }))).toMatchObject({
      code: 104,
      message: expect.stringContaining(message),
    });
    expect(net.files()).toEqual(["10.1.0.2"]);
  });

  test.each(["10.1.0.300", "10.1.0.5,10.1.0.6"])("the requested address %s is none", async (ip) => {
    const net = network(four);
    expect(await fault(() => net.add("c1", { args: `IP=${ip}` }))).toMatchObject({
      code: 4,
      message: expect.stringContaining(`cannot use CNI_ARGS: IP cannot be read: "${ip}"`),
      details: "write IP=10.1.0.5: one address",
    });
  });

  const two = [[{ subnet: "10.1.0.0/24" }], [{ subnet: "10.2.0.0/24" }]];
  const refused: readonly [string, JsonObject, string, string][] = [
    ["no range", {}, "ranges is missing", "at ipam.ranges: "],
    ["an empty list", { ranges: [] }, "ranges is missing", "at ipam.ranges: "],
    ["an empty set", { ranges: [[]] }, "a range set is empty", "at ipam.ranges[0]: "],
    ["no subnet", { ranges: [[{ gateway: "10.1.0.1" }]] }, "subnet is missing", "at ipam.ranges[0][0].subnet: "],
    ["a number", { subnet: 7 }, "subnet is 7, not a string", "at ipam.subnet: "],
    ["host bits", { subnet: "10.1.0.1/24" }, "has host bits set", "at ipam.subnet: write 10.1.0.0/24"],
    ["overlap with the old style", { subnet: "10.1.0.0/24", ranges: [[{ subnet: "10.1.0.0/25" }]] }, "overlap", "at ipam, ipam.ranges[0][0]: "],
    ["a route", { subnet: "10.1.0.0/24", routes: [{ dst: "x" }] }, "dst cannot be read", "at ipam.routes[0].dst"],
  ]; // prettier-ignore
  test.each(refused)("%s", async (_, ipam, message, details) => {
    expect(await fault(() => network(ipam).add())).toMatchObject({
      code: 7,
      message: expect.stringContaining(message),
      details: expect.stringContaining(details),
    });
  });

  test("two of a family before 0.3.0", async () => {
    expect(await fault(() => network({ ranges: two }, {}, "0.2.0").add())).toMatchObject({
      code: 7,
      message: expect.stringContaining("second set of IPv4 ranges, and CNI 0.2.0"),
      details: expect.stringContaining("at ipam.ranges[1]: "),
    });
    expect(addresses(await network({ ranges: two }, {}, "0.3.0").add())).toEqual(["10.1.0.2/24", "10.2.0.2/24"]);
  });
});

describe("the other commands", () => {
  test("DEL frees, twice and without ranges, and makes nothing", async () => {
    const net = network(four);
    await net.run("DEL");
    expect(existsSync(net.folder)).toBe(false);
    await net.add("c1");
    await net.add("c2");
    await net.run("DEL", "c1", { ipam: { dataDir: join(net.folder, "..") } });
    await net.run("DEL", "c1");
    expect(net.files()).toEqual(["10.1.0.3"]);
  });

  test("CHECK compares with what is reserved", async () => {
    const net = network(four);
    expect(await fault(() => net.run("CHECK"))).toMatchObject({
      code: 105,
      message: "no address is reserved for container c1, interface eth0",
    });
    await net.add("c1");
    await net.add("c2");
    await net.run("CHECK", "c1", { prevResult: { ips: [{ address: "10.1.0.2/29" }, { address: "192.0.2.1/24" }] } });
    await net.run("CHECK", "c1");
    expect(
      (await fault(() => net.run("CHECK", "c1", { prevResult: { ips: [{ address: "10.1.0.3/29" }] } }))).message,
    ).toBe("address 10.1.0.3 is reserved for container c2, interface eth0, not for container c1, interface eth0");
    expect(
      (await fault(() => net.run("CHECK", "c1", { prevResult: { ips: [{ address: "10.1.0.4/29" }] } }))).message,
    ).toContain("not reserved");
  });

  test("STATUS is ready until a set is full", async () => {
    const net = network({ ranges: [[{ subnet: "10.1.0.0/24" }], [{ subnet: "fd01::/126" }]] });
    await net.run("STATUS");
    await net.add("c1");
    await net.run("STATUS");
    await net.add("c2");
    expect(await fault(() => net.run("STATUS"))).toMatchObject({
      code: 50,
      message: "no address is left: all 2 of fd01::1-fd01::3 are reserved",
      details: expect.stringContaining("at ipam.ranges[1]: "),
    });
    await net.run("DEL", "c1");
    await net.run("STATUS");
  });

  test("STATUS says when reservations cannot be read", async () => {
    writeFileSync(join(root, "plain"), "");
    const net = network({ ...four, dataDir: join(root, "plain") });
    expect(await fault(() => net.run("STATUS"))).toMatchObject({
      code: 50,
      details: expect.stringContaining("ipam.dataDir"),
    });
    expect(await fault(() => net.add())).toMatchObject({ code: 106 });
  });

  test("GC frees exactly what is not valid, and nothing if nobody says what is", async () => {
    const net = network({ subnet: "10.1.0.0/24" });
    for (const id of ["c1", "c2", "c3"]) await net.add(id);
    writeFileSync(join(net.folder, "10.1.0.50"), "old1");
    writeFileSync(join(net.folder, "10.1.0.51"), "old2");
    writeFileSync(join(net.folder, "10.1.0.52"), "what is this");
    await net.run("GC");
    expect(net.files()).toHaveLength(6);
    const valid = [
      { containerID: "c2", ifname: "eth0" },
      { containerID: "c3", ifname: "eth1" },
      { containerID: "old1", ifname: "eth7" },
    ];
    await net.run("GC", "", { "cni.dev/valid-attachments": valid });
    expect(net.files().toSorted()).toEqual(["10.1.0.3", "10.1.0.50"]);
    await net.run("GC", "", { "cni.dev/attachments": [] });
    expect(net.files()).toEqual([]);
  });
});
