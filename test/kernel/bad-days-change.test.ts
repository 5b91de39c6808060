/** `up` on a lab that runs does only the difference; `down` while something runs in it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Op } from "../../src/change/index.ts";
import { type Lab, type LabInput, listLabs, load, open } from "../../src/lab/index.ts";
import { createNetns, deleteNetns, listNetns } from "../../src/netns/index.ts";
import { parseIfName } from "../../src/values/index.ts";
import { eventually } from "../eventually.ts";
import { must } from "../must.ts";
import { host, labErrorFrom, overlay, reaches, small } from "./lab-host.ts";

let clean: unknown;
const folder = mkdtempSync(join(tmpdir(), "netloom-flow-"));
beforeAll(() => {
  createNetns([{ name: "first", hostname: "first" }]);
  deleteNetns("first");
  clean = host();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  for (const name of listLabs()) await open(name).down();
  expect(host()).toEqual(clean);
  for (const name of ["stop", "back"]) rmSync(join(folder, name), { force: true });
});

const indexOf = (lab: Lab, netns: string, dev: string): number | undefined =>
  lab
    .facts()
    .get(netns)
    ?.links.find(({ name }) => name === dev)?.index;

const server = `Bun.listen({ hostname: "::", port: 7777, socket: { data: (socket, data) => void socket.write(data) } });`;

/** Sends a word every 5 ms and writes down how often one came back; ends when the file is there, with what went wrong. */
const client = `
  import { existsSync, writeFileSync } from "node:fs";
  const [address, count, stop] = process.argv.slice(-3);
  let back = 0, broken = "";
  const connect = () => Bun.connect({ hostname: address, port: 7777, socket: {
    data: () => { writeFileSync(count, String(++back)); },
    close: () => { broken ||= "closed"; }, error: (_, error) => { broken ||= String(error); } } });
  let socket;
  while (!socket) socket = await connect().catch(() => Bun.sleep(20));
  while (!existsSync(stop) && !broken) { socket.write("x"); await Bun.sleep(5); }
  console.log(JSON.stringify({ broken }));
  process.exit(0);`;

/** Keeps a TCP flow going from one pod to another while `body` runs. */
async function flowing(lab: Lab, from: string, to: string, address: string, body: () => Promise<void>): Promise<void> {
  const [count, stop, ended] = [join(folder, "back"), join(folder, "stop"), new AbortController()];
  writeFileSync(join(folder, "client.mjs"), client);
  const listening = lab.exec(to, [process.execPath, "-e", server], { signal: ended.signal }).catch(() => undefined);
  const flow = lab.exec(from, [process.execPath, join(folder, "client.mjs"), address, count, stop]);
  const back = (): number => (existsSync(count) ? Number(readFileSync(count, "utf8")) : 0);
  // A flow that broke writes no more, and says why below.
  const goesOn = async (): Promise<void> => {
    const until = back() + 10;
    await Promise.race([flow, eventually("words come back", () => back() >= until)]);
  };
  await goesOn();
  await body();
  await goesOn();
  writeFileSync(stop, "");
  const said = await flow;
  ended.abort();
  await listening;
  expect(said.stderr).toBe("");
  expect(JSON.parse(said.stdout)).toEqual({ broken: "" });
}

const does = (ops: readonly Op[]): readonly string[] => [...new Set(ops.map(({ do: what }) => what))].toSorted();
const touched = (ops: readonly Op[]): readonly string[] => [...new Set(ops.map(({ netns }) => netns))].toSorted();

describe("up on a changed file", () => {
  const with3: LabInput = { ...overlay, pods: { count: 3, name: "<node>p%d" } };

  test("adds pods beside those that are there, whose traffic goes on", async () => {
    const lab = load(overlay);
    await lab.up();
    const before = indexOf(lab, "bad-n1p1", "eth0");
    await flowing(lab, "n1p1", "n2p1", "172.16.2.1", async () => {
      const { ops } = await load(with3).up();
      expect(touched(ops)).toEqual(["bad-n1", "bad-n1p3", "bad-n2", "bad-n2p3"]);
    });
    expect(before).toBeDefined();
    expect(indexOf(lab, "bad-n1p1", "eth0")).toBe(before as number);
    expect(await reaches(load(with3))).toBe(true);
    expect((await load(with3).up()).ops).toEqual([]);
  });

  test("removes pods beside those that stay, whose traffic goes on", async () => {
    const lab = load(with3);
    await lab.up();
    const before = indexOf(lab, "bad-n2p1", "eth0");
    await flowing(lab, "n1p1", "n2p1", "172.16.2.1", async () => {
      const { ops } = await load(overlay).up();
      expect(does(ops)).toEqual(["link.delete", "netns.delete"]);
      expect(touched(ops)).toEqual(["bad-n1", "bad-n1p3", "bad-n2", "bad-n2p3"]);
    });
    expect(indexOf(lab, "bad-n2p1", "eth0")).toBe(before as number);
    expect(listNetns().filter((name) => name.endsWith("p3"))).toEqual([]);
    expect(load(overlay).state()?.namespaces).toHaveLength(7);
    expect((await load(overlay).up()).ops).toEqual([]);
    expect(await reaches(load(overlay))).toBe(true);
  });

  test("changes an MTU in place", async () => {
    const lab = load(overlay);
    await lab.up();
    const before = indexOf(lab, "bad-n1p1", "eth0");
    const jumbo: LabInput = { ...overlay, underlay: { ...load(overlay).file.input.underlay, mtu: 1400 } };
    await flowing(lab, "n1p1", "n1p2", "172.16.1.2", async () => {
      const { ops } = await load(jumbo).up();
      expect(
        does(ops).every((what) => what === "link.set" || what.startsWith("route") || what.startsWith("qdisc")),
      ).toBe(true);
    });
    expect(indexOf(lab, "bad-n1p1", "eth0")).toBe(before as number);
    expect(
      lab
        .facts()
        .get("bad-n1p1")
        ?.links.find(({ name }) => name === "eth0")?.mtu,
    ).toBe(1350);
    expect(await reaches(load(jumbo))).toBe(true);
    expect((await load(jumbo).up()).ops).toEqual([]);
  });

  test("gives IPv6 back to links that were too small for it", async () => {
    const ipv4: LabInput = {
      ...overlay,
      addresses: { ipv4: "172.16.0.0/16/24" },
      underlay: { prefixes: ["192.168.1.0/24"], mtu: 1000 },
      network: { join: { kind: "routes" } },
    };
    await load(ipv4).up();
    const lab = load(overlay);
    await lab.up();
    expect((await lab.up()).ops).toEqual([]);
    expect(await reaches(lab)).toBe(true);
    for (const link of [
      "n1p1 link set eth0",
      "n1 link set n1p1",
      "n1 link set br0",
      "n1 link set vxlan1",
      "n1 link set eth1",
    ])
      expect(Bun.spawnSync(["ip", "-n", ...`bad-${link} mtu 1000`.split(" ")]).exitCode).toBe(0);
    await lab.up();
    expect((await lab.up()).ops).toEqual([]);
    expect(await reaches(lab)).toBe(true);
  });

  test("impairs both ends of a cable that is made anew", async () => {
    const links: LabInput["links"] = [{ on: "n1:eth1", rate: "10mbit", direction: "both" }];
    await load({ ...overlay, links, network: { join: "l2" } }).up();
    const lab = load({ ...overlay, links });
    const { ops } = await lab.up();
    const gone = ops.flatMap((op) => (op.do === "link.delete" ? [op.name, op.peer?.name] : []));
    expect(new Set<string | undefined>(gone)).toEqual(new Set(["eth1", "n1-eth1", "n2-eth1"]));
    expect((await lab.up()).ops).toEqual([]);
  });

  test("says who switched IPv6 off where an address cannot be, and goes on when it is back", async () => {
    const lab = load(overlay);
    await lab.up();
    const ipv6 = (off: 0 | 1) =>
      Bun.spawnSync(["ip", "netns", "exec", "bad-n1p1", "sysctl", "-qw", `net.ipv6.conf.eth0.disable_ipv6=${off}`]);
    expect(ipv6(1).exitCode).toBe(0);
    const error = await labErrorFrom(lab.up());
    expect(error.message).toContain("IPv6 is disabled on this device");
    expect(error.message).toContain("net.ipv6.conf.eth0.disable_ipv6 to 0");
    expect(error.message).not.toContain("as root");
    ipv6(0);
    expect(await lab.up()).toMatchObject({ resumed: true });
    expect(await reaches(lab)).toBe(true);
  });

  test("changes how nodes are joined and leaves the pods alone", async () => {
    const routes: LabInput = { ...overlay, network: { join: { kind: "routes" } } };
    const lab = load(overlay);
    await lab.up();
    const before = indexOf(lab, "bad-n1p1", "eth0");
    await flowing(lab, "n1p1", "n1p2", "172.16.1.2", async () => {
      const { ops } = await load(routes).up();
      expect(ops.some((op) => op.do === "link.delete" && op.netns === "bad-n1")).toBe(true);
      expect(ops.filter(({ netns, do: what }) => /p\d$/.test(netns) && what !== "link.set")).toEqual([]);
    });
    expect(indexOf(lab, "bad-n1p1", "eth0")).toBe(before as number);
    expect(await reaches(load(routes))).toBe(true);
    await load(overlay).up();
    expect(await reaches(load(overlay))).toBe(true);
  });

  test("puts back ports and switches that somebody took out, which inspect names", async () => {
    const lab = load({ ...overlay, externals: [{ name: "out" }] });
    await lab.up();
    expect(lab.inspect().members.flatMap(({ problems }) => problems)).toEqual([]);
    const problems = () =>
      lab.inspect().members.flatMap(({ name, problems: some }) => some.map((problem) => `${name}: ${problem}`));
    for (const [words, ...said] of [
      ["n1 link set n1p1 nomaster", "n1p1: port n1p1 on n1 is not in br0"],
      ["fabric link set n2-eth1 nomaster", "n2: port n2-eth1 on LAN lan1 is not in br-lan1"],
      ["fabric link set out-eth0 down", "out: port out-eth0 on LAN lan1 is down"],
      [
        "fabric link set br-lan1 down",
        ...["n1", "n2", "out"].map((name) => `${name}: switch br-lan1 on LAN lan1 is down`),
      ],
    ] as const) {
      expect(Bun.spawnSync(["ip", "-n", ...`bad-${words}`.split(" ")]).exitCode).toBe(0);
      expect(problems()).toEqual(said);
      await lab.up();
      expect(problems()).toEqual([]);
    }
    const flat = load({ ...overlay, network: { join: "l2" } });
    await flat.up();
    Bun.spawnSync(["ip", "-n", "bad-n1", "link", "set", "eth1", "nomaster"]);
    expect(flat.inspect().members.flatMap((member) => member.problems)).toEqual(["eth1 is not in br0"]);
    expect(flat.inspect(1).members.flatMap((member) => member.problems)).toEqual(["eth1 is not in br0"]);
  });

  test("makes again what somebody broke", async () => {
    const lab = load(overlay);
    await lab.up();
    for (const words of ["-n bad-n1 link del n1p1", "-n bad-n2p2 addr flush dev eth0", "netns del bad-n2p1"]) {
      expect(Bun.spawnSync(["ip", ...words.split(" ")]).exitCode).toBe(0);
    }
    expect(
      lab
        .inspect()
        .members.filter(({ state }) => state !== "up")
        .map(({ name }) => name),
    ).toEqual(["n1p1", "n2p1", "n2p2"]);
    await lab.up();
    expect((await lab.up()).ops).toEqual([]);
    expect(await reaches(lab)).toBe(true);
  });
});

describe("a process that still runs in a pod", () => {
  test.each(["n1", "n1p1", "n1p2"])(
    "(%s) does not keep down from ending, nor up from making it again",
    async (name) => {
      const lab = load(small);
      await lab.up();
      const ready = join(folder, `ready-${name}`);
      const ended = new AbortController();
      const process = lab.exec(name, ["sh", "-c", `touch ${ready}; exec sleep 600`], { signal: ended.signal });
      await eventually("it runs", () => existsSync(ready));
      // The process runs ten times as long as this test may.
      const report = await lab.down();
      expect(report.deleted).toHaveLength(3);
      expect(host()).toEqual(clean);
      await lab.up();
      expect(await reaches(lab)).toBe(true);
      await lab.down();
      ended.abort();
      expect((await process).exitCode).toBe(143);
    },
  );
});

test("a loopback device that somebody took down comes up again", async () => {
  const lab = load(small);
  await lab.up();
  const lo = (): string => must("ip", "-n", "bad-n1p1", "-br", "link", "show", "lo");
  must("ip", "-n", "bad-n1p1", "link", "set", "lo", "down");
  expect(lo()).toContain("DOWN");
  const { ops } = await lab.up();
  expect(ops).toEqual([
    { do: "link.set", netns: "bad-n1p1", name: parseIfName("lo"), set: { up: true }, was: { up: false } },
  ]);
  expect(lo()).toContain("<LOOPBACK,UP,LOWER_UP>");
  expect((await lab.up()).ops).toEqual([]);
});
