/**
 * Labs whose pods stand on the LAN's interface: who reaches whom in each mode, asked by ping from outside and by the lab's own
 * test, which knows without being told.
 */
import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { type LabInput, load } from "../../src/lab/index.ts";
import { addLink, delLink } from "../../src/rtnl/index.ts";
import { eventually } from "../eventually.ts";
import { labErrorFrom, refusingAt } from "./lab-host.ts";
import { type Shown, ip, lacks, pair, socket } from "./rtnl-witness.ts";

type Network = NonNullable<LabInput["network"]>;
type Driver = NonNullable<Network["driver"]>;
type Kids = Extract<Driver, { readonly kind: "ipvlan" | "macvlan" }>;

/** How long somebody who shall not answer is waited for, ms: longer on a machine that is emulated. */
const silence = Number(process.env["TEST_PATIENCE"] ?? 1) > 1 ? 3000 : 1000;
const lower = pair("q0");
const missing = (kind: "ipvlan" | "macvlan"): boolean =>
  lacks(() => {
    socket.run(addLink({ kind, name: "q1", lower }));
    socket.run(delLink({ name: "q1" }));
  });
const lacking = { ipvlan: missing("ipvlan"), macvlan: missing("macvlan") };
afterAll(() => socket.run(delLink({ name: "q0" })));

const lab = (driver: Driver, more: Network = {}): LabInput => ({
  name: "kids",
  nodes: { count: 2, name: "n%d" },
  pods: {
    count: typeof driver === "object" && driver.kind === "macvlan" && driver.mode === "passthru" ? 1 : 2,
    name: "<node>p%d",
  },
  underlay: { prefixes: ["192.168.1.0/24", "1000::1:192.168.1.0/120"] },
  network: { driver, ...more },
});

/** Who is asked by whom, in both families. */
const cells = {
  "a sibling": ["n1p1", "172.16.1.2", "1000::1:ac10:102"],
  "the node's child": ["n1p1", "172.16.1.0", "1000::1:ac10:100"],
  "a pod elsewhere": ["n1p1", "172.16.2.1", "1000::1:ac10:201"],
  "another node's child": ["n1p1", "172.16.2.0", "1000::1:ac10:200"],
  "the node": ["n1p1", "192.168.1.1", "1000::1:c0a8:101"],
  "another node": ["n1p1", "192.168.1.2", "1000::1:c0a8:102"],
  "own pod": ["n1", "172.16.1.1", "1000::1:ac10:101"],
  "another's pod": ["n1", "172.16.2.1", "1000::1:ac10:201"],
} as const satisfies Readonly<Record<string, readonly [string, string, string]>>;
type Cell = keyof typeof cells;

async function answers(netns: string, address: string, ...limits: readonly string[]): Promise<boolean> {
  const ping = ["ip", "netns", "exec", `kids-${netns}`, "ping", "-n", "-q", ...limits, address];
  return (await Bun.spawn(ping, { stdin: "ignore", stdout: "ignore", stderr: "ignore" }).exited) === 0;
}

/** The cells that answer, of those that shall and of those that shall not: the latter are asked for long, and all at once. */
async function reached(yes: readonly Cell[], no: readonly Cell[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const cell of yes) {
    const [from, ...addresses] = cells[cell];
    for (const address of addresses) {
      await eventually(`${from} reaches ${cell}, ${address}`, () => answers(from, address, "-c1", "-W1"));
    }
  }
  const asked = no.flatMap((cell) => {
    const [from, ...addresses] = cells[cell];
    return addresses.map(async (address) => {
      if (await answers(from, address, "-c2", "-i0.5", `-W${silence / 1000}`)) found.push(`${cell}, ${address}`);
    });
  });
  await Promise.all(asked);
  return found;
}

const apart: readonly Cell[] = ["a sibling", "the node's child", "own pod"];
const elsewhere: readonly Cell[] = ["a pod elsewhere", "another's pod"];
const everything = Object.keys(cells) as readonly Cell[];

/** What no mode decides is not asked: in `l2` it depends on the pods' default routes. */
const matrices: readonly (readonly [driver: Kids, yes: readonly Cell[], no: readonly Cell[]])[] = [
  [{ kind: "macvlan", mode: "bridge" }, [...apart, ...elsewhere, "another node"], ["the node"]],
  [{ kind: "macvlan", mode: "private" }, [...elsewhere, "another node"], [...apart, "the node"]],
  [{ kind: "macvlan", mode: "vepa" }, [...elsewhere, "another node"], [...apart, "the node"]],
  [
    { kind: "macvlan", mode: "passthru" },
    ["a pod elsewhere"],
    ["the node", "another node", "own pod", "another's pod"],
  ],
  [{ kind: "ipvlan", mode: "l2" }, [...apart, ...elsewhere], []],
  [{ kind: "ipvlan", mode: "l2", flag: "private" }, elsewhere, apart],
  [{ kind: "ipvlan", mode: "l2", flag: "vepa" }, elsewhere, apart],
  [{ kind: "ipvlan", mode: "l3" }, everything, []],
  [{ kind: "ipvlan", mode: "l3", flag: "private" }, elsewhere, apart],
  [{ kind: "ipvlan", mode: "l3", flag: "vepa" }, elsewhere, apart],
  [{ kind: "ipvlan", mode: "l3s" }, everything, []],
];

interface Child {
  readonly kind: string | undefined;
  readonly mode: unknown;
  readonly flag?: unknown;
}

/** A link as `ip` shows it. */
function childOf(netns: string, dev: string): Child & { readonly mac: string; readonly up: boolean } {
  const [link] = ip<Shown>("-n", `kids-${netns}`, "link", "show", "dev", dev);
  const { mode, flags } = (link?.linkinfo?.info_data ?? {}) as { readonly mode?: unknown; readonly flags?: unknown };
  const flag = typeof flags === "string" ? { flag: flags } : {};
  return {
    kind: link?.linkinfo?.info_kind,
    mode,
    ...flag,
    mac: link?.address ?? "",
    up: link?.flags.includes("LOWER_UP") === true,
  };
}

describe.skipIf(lacking.macvlan)("a change of macvlan labs (needs CONFIG_MACVLAN)", () => {
  afterEach(async () => void (await load(lab("bridge")).down()));

  test("that is refused at any op leaves the lab as it was", async () => {
    const before = load(lab({ kind: "macvlan", mode: "vepa" }));
    await before.up();
    const shown = (): unknown =>
      ["n1", "n2", "n1p1", "n1p2", "n2p1", "n2p2"].map((netns) => [
        ip<Shown>("-n", `kids-${netns}`, "link", "show").map(({ ifname, address, mtu, flags, linkinfo }) => [
          ifname,
          address,
          mtu,
          flags.toSorted(),
          linkinfo?.info_data?.["mode"],
        ]),
        ip<{ readonly dst: string; readonly dev: string }>("-n", `kids-${netns}`, "route", "show").map(
          ({ dst, dev }) => [dst, dev],
        ),
      ]);
    const was = shown();
    const after = lab({ kind: "macvlan", mode: "passthru" });
    let last = 0;
    for (let at = 0; at <= last; at++) {
      const failing = load(after, { kernel: () => refusingAt(at) });
      last = failing.plan().ops.length - 1;
      const error = await labErrorFrom(failing.up());
      expect({ at, code: error.code }).toEqual({ at, code: "failed" });
      await eventually("links are up again", () => Bun.deepEquals(shown(), was));
      expect({ at, ops: before.plan().ops }).toEqual({ at, ops: [] });
    }
    expect(last).toBeGreaterThan(10);
    expect((await before.test({ timeoutMs: silence })).summary.failed).toBe(0);
  });

  test("that somebody else makes below it is told by the lab's test", async () => {
    const made = load(lab("macvlan"));
    await made.up();
    Bun.spawnSync(["ip", "-n", "kids-n1", "link", "set", "eth1", "down"]);
    const { pairs } = await made.test({ timeoutMs: silence });
    const facts = pairs.flatMap(({ ok, facts: told = [] }) => (ok ? [] : told));
    expect(facts).toContain("eth0 of n1p1 has no carrier: the interface that it stands on is down or gone");
    await made.up();
    expect((await made.test({ timeoutMs: 10 * silence })).summary.failed).toBe(0);
  });

  test("that lets private pods reach each other is told by the lab's test, and taken back", async () => {
    const made = load(lab({ kind: "macvlan", mode: "private" }));
    await made.up();
    for (const pod of ["n1p1", "n1p2"])
      Bun.spawnSync(["ip", "-n", `kids-${pod}`, "link", "set", "eth0", "type", "macvlan", "mode", "bridge"]);
    const { pairs } = await made.test({ timeoutMs: silence });
    const wrong = pairs
      .filter(({ ok }) => !ok)
      .map(({ from, to, expect: wanted, reached: got }) => ({ from, to, wanted, got }));
    const unwanted = { wanted: false, got: true };
    // In both families.
    expect(wrong.filter(({ from }) => from === "n1p1")).toEqual(
      Array(2).fill({ from: "n1p1", to: "n1p2", ...unwanted }),
    );
    expect(wrong.filter(({ from }) => from === "n1p2")).toEqual(
      Array(2).fill({ from: "n1p2", to: "n1p1", ...unwanted }),
    );
    expect(wrong).toHaveLength(4);
    await made.up();
    expect((await made.test({ timeoutMs: silence })).summary.failed).toBe(0);
  });

  test("in passthru the pod hears who is outside, and its node does not", async () => {
    const lan = { externals: [{ name: "on", addresses: "192.168.1.100/24" }, { name: "among" }] };
    const made = load({ ...lab({ kind: "macvlan", mode: "passthru" }), ...lan });
    await made.up();
    expect(await answers("n1p1", "172.16.0.101", "-c1", "-W10")).toBe(true);
    expect(await answers("n1", "192.168.1.100", "-c1", `-W${silence / 1000}`)).toBe(false);
    expect((await made.test({ timeoutMs: silence })).summary.failed).toBe(0);
  });

  test("moves a pod to another node with its addresses", async () => {
    const moved = (node: string): LabInput => ({
      ...lab("macvlan"),
      nodes: ["n1", "n2"],
      pods: [
        { name: "stays", node: "n1", number: 1 },
        { name: "moves", node, number: 2 },
      ],
    });
    await load(moved("n1")).up();
    const there = load(moved("n2"));
    await there.up();
    expect((await there.up()).ops).toEqual([]);
    expect((await there.test({ timeoutMs: 10 * silence })).summary.failed).toBe(0);
  });
});

describe.skipIf(!lacking.ipvlan)("a kernel without ipvlan (this one has it)", () => {
  afterEach(async () => void (await load(lab("bridge")).down()));

  test("is told before anything is changed", async () => {
    const bridged = load(lab("bridge", { join: "none" }));
    await bridged.up();
    const error = await labErrorFrom(load(lab("ipvlan")).up());
    expect(error.code).toBe("unsupported");
    expect(error.message).toStartWith("bring up lab kids: it needs links of kind ipvlan: Unknown device type");
    expect(error.message).toEndWith(
      "this kernel lacks CONFIG_IPVLAN: load its module or use a kernel that has it ('netloom doctor' lists them)\nnothing was changed",
    );
    expect((await bridged.up()).ops).toEqual([]);
  });
});

for (const kind of ["macvlan", "ipvlan"] as const) {
  describe.skipIf(lacking[kind])(`${kind} (needs CONFIG_${kind.toUpperCase()})`, () => {
    afterEach(async () => void (await load(lab("bridge")).down()));

    test.each(matrices.filter(([driver]) => driver.kind === kind))("%j", async (driver, yes, no) => {
      const made = load(lab(driver));
      await made.up();
      expect((await made.up()).ops).toEqual([]);
      const eth1 = childOf("n1", "eth1").mac;
      const { mac, ...pod } = childOf("n1p1", "eth0");
      expect(pod).toMatchObject({ kind, mode: driver.mode, up: true });
      const shares = driver.kind === "ipvlan" || driver.mode === "passthru";
      expect(mac === eth1).toBe(shares);
      if (driver.mode !== "passthru") expect(childOf("n1", `${kind}-eth1`)).toMatchObject(pod);

      expect(await reached(yes, no)).toEqual([]);
      const { summary } = await made.test({ timeoutMs: silence });
      expect(summary).toMatchObject({ failed: 0 });
      // The lab's own test can fail: a pod that is cut off is one that others shall reach.
      Bun.spawnSync(["ip", "-n", "kids-n1p1", "link", "set", "eth0", "down"]);
      expect((await made.test({ timeoutMs: silence })).summary.failed).toBeGreaterThan(0);
      expect((await made.up()).ops.length).toBeGreaterThan(0);
      expect((await made.up()).ops).toEqual([]);
    });

    test("another mode is made in place of the first, and a bridge in place of that", async () => {
      const modes = kind === "macvlan" ? ["bridge", "private", "passthru"] : ["l2", "l3", "l3s"];
      for (const mode of modes) {
        const next = load(lab({ kind, mode } as Kids));
        await next.up();
        expect(childOf("n2p1", "eth0")).toMatchObject({ kind, mode });
        expect((await next.up()).ops).toEqual([]);
        expect((await next.test({ timeoutMs: silence })).summary.failed).toBe(0);
      }
      const bridged = load(lab("bridge"));
      await bridged.up();
      expect(childOf("n2p1", "eth0").kind).toBe("veth");
      expect((await bridged.test({ timeoutMs: 10 * silence })).summary.failed).toBe(0);
      const links = ip<Shown>("-n", "kids-n2", "link", "show").map(({ ifname }) => ifname);
      expect(links).not.toContain(`${kind}-eth1`);
    });

    test.each(kind === "ipvlan" ? (["l3", "l3s"] as const) : [])(
      "what leaves with %s has the node's address",
      async (mode) => {
        const driver: Kids = { kind: "ipvlan", mode };
        // Nobody knows a way back to pods of nodes that are not joined.
        await load(lab(driver, { join: "none", masquerade: true })).up();
        expect(await reached(["another node"], ["a pod elsewhere"])).toEqual([]);
        await load(lab(driver, { join: "none" })).up();
        expect(await reached([], ["another node"])).toEqual([]);
      },
    );
  });
}
