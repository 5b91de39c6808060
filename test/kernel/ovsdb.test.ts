/** The database of a real Open vSwitch, with ovs-vsctl as the witness; bridges are of the userspace datapath, which needs no module. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NetlinkSocket } from "../../src/netlink/index.ts";
import {
  type BridgeSpec,
  OvsdbClient,
  OvsdbError,
  type Surroundings,
  daemonsIn,
  deviceOf,
  putSwitch,
  readSwitch,
  socketIn,
  startDaemons,
  stopDaemons,
} from "../../src/ovsdb/index.ts";
import { addLink, delLink, getLink } from "../../src/rtnl/index.ts";
import { eventually } from "../eventually.ts";
import { pair } from "./rtnl-witness.ts";

const root = mkdtempSync(join(tmpdir(), "netloom-ovs-"));
/** Longer than the address of a socket may be: 108 bytes. */
const folder = join(root, "a-folder-whose-name-is-rather-long".repeat(4));
const links = new NetlinkSocket();
const owner = "netloom:t";
const surroundings = {
  datapath: () => "netdev",
  deviceOf: (name: string) => {
    const link = links.ask(getLink({ name }));
    return link === undefined ? undefined : deviceOf(link);
  },
} satisfies Surroundings;

beforeAll(() => {
  startDaemons(folder, (start) => start());
  for (const name of ["p0", "p1", "p2", "p3"]) pair(name);
});
afterAll(() => {
  stopDaemons(folder);
  rmSync(root, { recursive: true });
});

function vsctl(...words: readonly string[]): string {
  const run = Bun.spawnSync(
    ["ovs-vsctl", "--no-heading", "--format=json", "--data=bare", `--db=unix:${socketIn(folder)}`, ...words],
    {
      stdin: "ignore",
    },
  );
  if (!run.success) throw new Error(run.stderr.toString());
  return run.stdout.toString().trim();
}
const ports = (bridge: string): readonly string[] => vsctl("list-ports", bridge).split("\n").filter(Boolean);
const column = (table: string, row: string, name: string): string => vsctl("get", table, row, name);
const client = (): OvsdbClient => new OvsdbClient(socketIn(folder));
const put = (bridges: readonly BridgeSpec[], who = owner) => {
  using db = client();
  return putSwitch(db, who, bridges, surroundings).map((change) => change.do);
};
const refusal = (doing: () => unknown): OvsdbError => {
  try {
    doing();
  } catch (error) {
    if (error instanceof OvsdbError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
};

const br0: BridgeSpec = {
  name: "br0",
  mac: "02:00:00:00:00:01",
  mtu: 1400,
  ports: [{ name: "p0" }, { name: "p1", tag: 10 }],
};

describe("bridges and ports", () => {
  test("are made once, and nothing the second time", () => {
    expect(put([br0])).toEqual(["bridge.add", "port.add", "port.add"]);
    expect(vsctl("list-br")).toBe("br0");
    expect(ports("br0")).toEqual(["p0", "p1"]);
    expect(column("bridge", "br0", "datapath_type")).toBe("netdev");
    expect(column("bridge", "br0", "external_ids")).toBe('{owner="netloom:t"}');
    expect(column("interface", "p0", "external_ids")).toBe(
      `{device="${surroundings.deviceOf("p0")}", owner="netloom:t"}`,
    );
    expect(column("port", "p1", "tag")).toBe("10");
    expect(column("interface", "br0", "ofport")).toBe("65534");
    const [device] = JSON.parse(Bun.spawnSync(["ip", "-j", "link", "show", "br0"]).stdout.toString()) as {
      readonly mtu: number;
      readonly address: string;
    }[];
    expect(device).toMatchObject({ mtu: 1400, address: "02:00:00:00:00:01" });
    expect(put([br0])).toEqual([]);
  });

  test("are read as they were wished", () => {
    using db = client();
    expect(readSwitch(db, owner)).toEqual([
      {
        name: "br0",
        datapath: "netdev",
        failMode: "standalone",
        mac: "02:00:00:00:00:01",
        mtu: 1400,
        ports: [
          { name: "p0", ofport: expect.any(Number), device: surroundings.deviceOf("p0") ?? "" },
          { name: "p1", tag: 10, ofport: expect.any(Number), device: surroundings.deviceOf("p1") ?? "" },
        ],
      },
    ]);
    expect(readSwitch(db, "netloom:other")).toEqual([]);
  });

  test("change only in what differs", () => {
    const before = column("port", "p0", "_uuid");
    expect(
      put([{ ...br0, failMode: "secure", ports: [{ name: "p0" }, { name: "p1", trunks: [20, 21] }, { name: "p2" }] }]),
    ).toEqual(["bridge.set", "port.set", "port.add"]);
    expect(column("bridge", "br0", "fail_mode")).toBe("secure");
    expect(column("port", "p1", "tag")).toBe("[]");
    expect(column("port", "p1", "trunks")).toBe("[20, 21]");
    expect(put([{ ...br0, ports: [{ name: "p0" }] }])).toEqual(["port.delete", "port.delete", "bridge.set"]);
    expect(ports("br0")).toEqual(["p0"]);
    expect(column("port", "p0", "_uuid")).toBe(before);
    // Nothing is left of what went.
    expect(vsctl("--columns=name", "list", "interface")).not.toContain("p2");
  });

  test("of others are not touched, and their names are not taken", () => {
    vsctl("add-port", "br0", "p3");
    expect(put([br0])).toEqual(["port.add"]);
    expect(ports("br0")).toEqual(["p0", "p1", "p3"]);
    const error = refusal(() => put([{ ...br0, ports: [{ name: "p3" }] }]));
    expect(error).toMatchObject({ code: "refused", table: "Port", column: "name" });
    expect(error.message).toContain("port p3 is in bridge br0 already and was not made by netloom");
    expect(refusal(() => put([br0], "netloom:other")).message).toContain("belongs to netloom:t");
    vsctl("del-port", "p3");
  });

  test("whose device was made anew are put in anew", () => {
    put([br0]);
    links.run(delLink({ name: "p0" }));
    links.run(addLink({ kind: "veth", name: "p0", peer: { name: "p0p" } }));
    expect(put([br0])).toEqual(["port.add"]);
    expect(column("interface", "p0", "external_ids:device")).toBe(`"${surroundings.deviceOf("p0")}"`);
    expect(put([br0])).toEqual([]);
  });

  test("without a device are an error that says why", () => {
    const error = refusal(() => put([{ ...br0, ports: [{ name: "nowhere" }] }]));
    expect(error).toMatchObject({ code: "refused", table: "Interface", column: "error" });
    expect(error.message).toContain(
      "port nowhere of bridge br0: could not open network device nowhere (No such device)",
    );
    expect(put([br0])).toEqual(["port.delete", "port.add", "port.add"]);
  });

  test("with names that are no identifiers, and many of them, in two bridges", () => {
    const names = Array.from({ length: 60 }, (_, i) => `a.b-${i}`);
    for (const name of names) links.run(addLink({ kind: "veth", name, peer: { name: `${name}p` } }));
    const both = [br0, { name: "br-int", ports: names.map((name) => ({ name })) }];
    expect(put(both)).toHaveLength(61);
    expect(new Set(ports("br-int"))).toEqual(new Set(names));
    expect(put(both)).toEqual([]);
    expect(put([br0])).toEqual(["bridge.delete"]);
    expect(vsctl("list-br")).toBe("br0");
  });
});

describe("transactions", () => {
  test("a guard that does not hold refuses all of it", () => {
    using db = client();
    const error = refusal(() =>
      db.transact([
        { op: "wait", table: "Bridge", where: [["name", "==", "br0"]], columns: ["name"], rows: [], timeout: 0 },
        { op: "update", table: "Bridge", where: [], row: { fail_mode: "secure" } },
      ]),
    );
    expect(error).toMatchObject({ code: "refused", reason: "timed out", table: "Bridge" });
    expect(column("bridge", "br0", "fail_mode")).toBe("standalone");
  });

  test("what is wrong at the commit names table and column", () => {
    using db = client();
    const twice = refusal(() =>
      db.transact(
        ["a", "b"].flatMap((named) => [
          { op: "insert", table: "Interface", name: { named }, row: { name: "twin" } } as const,
          {
            op: "insert",
            table: "Port",
            name: { named: `p${named}` },
            row: { name: `t${named}`, interfaces: { named } },
          } as const,
          {
            op: "mutate",
            table: "Bridge",
            where: [["name", "==", "br0"]],
            mutations: [["ports", "insert", { named: `p${named}` }]],
          } as const,
        ]),
      ),
    );
    expect(twice).toMatchObject({ reason: "constraint violation", table: "Interface", column: "name" });
  });

  test("what is wrong with a value names table and column, or what there is no such of", () => {
    using db = client();
    const mode = refusal(() => db.transact([{ op: "update", table: "Bridge", where: [], row: { fail_mode: "open" } }]));
    expect(mode).toMatchObject({ reason: "constraint violation", table: "Bridge" });
    const none = refusal(() => db.transact([{ op: "select", table: "Bridge", where: [], columns: ["colour"] }]));
    expect(none).toMatchObject({ code: "refused", table: "Bridge", column: "colour" });
    expect(refusal(() => db.call("no_such_method", []))).toMatchObject({ code: "refused", reason: "unknown method" });
  });

  test("many at once all come to the same", async () => {
    put([br0]);
    const script = `
      const { OvsdbClient, putSwitch } = await import(${JSON.stringify(join(import.meta.dir, "../../src/ovsdb/index.ts"))});
      const { NetlinkSocket } = await import(${JSON.stringify(join(import.meta.dir, "../../src/netlink/index.ts"))});
      const links = new NetlinkSocket();
      const db = new OvsdbClient(${JSON.stringify(socketIn(folder))});
      putSwitch(db, "netloom:race", [{ name: "race", ports: [{ name: "p2" }] }], { datapath: () => "netdev", deviceOf: (name) => String(links.indexOf(name)) });`;
    const runs = Array.from({ length: 5 }, () =>
      Bun.spawn([process.execPath, "-e", script], { stdin: "ignore", stderr: "pipe" }),
    );
    expect(await Promise.all(runs.map((run) => run.exited))).toEqual([0, 0, 0, 0, 0]);
    expect(ports("race")).toEqual(["p2"]);
    expect(put([], "netloom:race")).toEqual(["bridge.delete"]);
  });
});

describe("the daemons", () => {
  test("are found by their files, and started only if they do not run", () => {
    const before = daemonsIn(folder);
    expect(before.map(({ program }) => program)).toEqual(["ovsdb-server", "ovs-vswitchd"]);
    startDaemons(folder, (start) => start());
    expect(daemonsIn(folder)).toEqual(before);
  });

  test("what forwards is started again after it died, and does again what the database says", async () => {
    put([br0]);
    const [server, forwarder] = daemonsIn(folder);
    process.kill(forwarder?.pid ?? 0, "SIGKILL");
    await eventually("it has ended", () => daemonsIn(folder).length === 1);
    startDaemons(folder, (start) => start());
    expect(daemonsIn(folder)[0]).toEqual(server as never);
    expect(put([{ ...br0, ports: [...br0.ports, { name: "p3" }] }])).toEqual(["port.add"]);
    expect(ports("br0")).toEqual(["p0", "p1", "p3"]);
  });

  test("a number in a pid file that is another process's by now is nobody of ours", async () => {
    const other = join(root, "other");
    await Bun.write(join(other, "ovs-vswitchd.pid"), `${process.pid}\n`);
    expect(daemonsIn(other)).toEqual([]);
    stopDaemons(other);
    expect(existsSync(join(other, "ovs-vswitchd.pid"))).toBe(false);
  });

  test("that cannot start say why", () => {
    const broken = join(root, "broken");
    expect(
      refusal(() =>
        startDaemons(broken, (start) => (Bun.spawnSync(["sh", "-c", `echo no >${broken}/conf.db`]), start())),
      ),
    ).toMatchObject({
      code: "failed",
      message: expect.stringContaining("conf.db"),
    });
    stopDaemons(broken);
  });

  test("are gone after the stop, with what they listened at", () => {
    const pids = daemonsIn(folder).map(({ pid }) => pid);
    stopDaemons(folder);
    for (const pid of pids)
      expect(existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "").toBe(false);
    expect(daemonsIn(folder)).toEqual([]);
    expect(refusal(client)).toMatchObject({ code: "unreachable" });
  });
});

describe("a server that is not as it should be", () => {
  const path = join(root, "odd.sock");
  /** Answers the first message by what `answer` makes of its number, in pieces of three bytes. */
  async function against<T>(answer: string, ask: (db: OvsdbClient) => T): Promise<T> {
    rmSync(path, { force: true });
    const script = `
      let echoed = 0;
      Bun.listen({ unix: ${JSON.stringify(path)}, socket: {
        async data(socket, bytes) {
          const { id, method, result } = JSON.parse(bytes.toString());
          if (method === undefined) { echoed += result[0]; return; }
          const answer = (${answer})(id, socket, () => echoed);
          const text = new TextEncoder().encode(typeof answer === "string" ? answer : await answer ?? "");
          for (let at = 0; at < text.length; at += 3) { socket.write(text.subarray(at, at + 3)); socket.flush(); }
        },
      } });
      console.log("ready");`;
    const server = Bun.spawn([process.execPath, "-e", script], { stdin: "ignore", stdout: "pipe", stderr: "inherit" });
    try {
      await server.stdout.getReader().read();
      using db = new OvsdbClient(path, { timeoutMs: 300 });
      return ask(db);
    } finally {
      server.kill();
      await server.exited;
    }
  }
  const call = (db: OvsdbClient) => db.call("list_dbs", []);
  const result = (value: string) => `(id) => JSON.stringify({ id, result: ${value}, error: null })`;

  test("its questions are answered on the way, and what nobody asked for is passed over", async () => {
    const answer = `async (id, socket, echoed) => {
      socket.write(JSON.stringify({ method: "echo", params: [5], id: "echo" }) + JSON.stringify({ method: "update", params: [], id: null }));
      while (echoed() === 0) await Bun.sleep(1);
      return JSON.stringify({ id: id + 100, result: [], error: null }) + JSON.stringify({ id, result: [echoed(), "}{\\""], error: null });
    }`;
    expect(await against(answer, call)).toEqual([5, '}{"']);
  });

  test.each([
    ["says nothing", "() => ''", { code: "silent" }],
    ["hangs up", "(id, socket) => { socket.end(); return ''; }", { code: "closed" }],
    ["sends no JSON", "() => '{nonsense}'", { code: "protocol" }],
    ["sends no message", "() => '[1]'", { code: "protocol" }],
    [
      "refuses",
      `(id) => JSON.stringify({ id, result: null, error: "unknown database" })`,
      { code: "refused", reason: "unknown database" },
    ],
    [
      "refuses in an object",
      `(id) => JSON.stringify({ id, result: null, error: { error: "canceled" } })`,
      { reason: "canceled" },
    ],
  ])("%s", async (_, answer, error) => {
    expect(await against(answer, (db) => refusal(() => call(db)))).toMatchObject(error);
  });

  test("sends another type than the schema says", async () => {
    const error = await against(result('[{ rows: [{ _uuid: "p0" }] }, { rows: [] }, { rows: [] }]'), (db) =>
      refusal(() => readSwitch(db, owner)),
    );
    expect(error).toMatchObject({ code: "protocol", table: "Bridge", column: "_uuid" });
  });
});
