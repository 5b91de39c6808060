/** What is put over netlink is for nft(8) the same as what it makes of the text. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { NetlinkError, NetlinkSocket, setTracer, textTracer, NETLINK_NETFILTER } from "../../src/netlink/index.ts";
import {
  type SetSpec,
  type TableRef,
  accept,
  addChain,
  addElements,
  addRule,
  addSet,
  addTable,
  canonical,
  compile,
  delRule,
  delTable,
  drop,
  getElement,
  getGeneration,
  getTable,
  goTo,
  is,
  keyBytes,
  listChains,
  listElements,
  listRules,
  listTables,
  messageKinds,
  printRule,
  rule,
  transaction,
  tryTransaction,
} from "../../src/nft/index.ts";
import { rules as goldenRules } from "../golden/nft/requests.ts";

const socket = new NetlinkSocket(NETLINK_NETFILTER);
afterAll(() => socket[Symbol.dispose]());

/** What nft(8) tells, without numbers that the kernel gives. */
function withoutHandles(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutHandles);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      key === "handle" || key === "metainfo" ? [] : [[key, withoutHandles(item)]],
    ),
  );
}

/** The same ruleset made by nft(8) from a text, in a namespace of its own. */
function byText(text: string): { readonly json: unknown; readonly text: string } {
  const script = "nft -f - && nft -j list ruleset && nft list ruleset";
  const run = Bun.spawnSync(["unshare", "--net", "sh", "-c", script], { stdin: Buffer.from(text) });
  const [json = "", ...rest] = run.stdout.toString().split("\n");
  expect([run.exitCode, run.stderr.toString()]).toEqual([0, ""]);
  return { json: withoutHandles(JSON.parse(json)), text: rest.join("\n") };
}

const nft = (...words: readonly string[]): string => Bun.spawnSync(["nft", ...words]).stdout.toString();
const json = (): unknown => withoutHandles(JSON.parse(nft("-j", "list", "ruleset")));

const inet: TableRef = { family: "inet", name: "t" };
const families = ["ip", "ip6", "inet", "bridge", "netdev"] as const;

/** The sets that the golden rules speak of. */
const sets: Readonly<Record<string, readonly SetSpec[]>> = {
  ip: [
    { name: "verdicts4", key: ["ipv4_addr"], data: "verdict" },
    { name: "ports", key: ["inet_proto", "inet_service"], data: ["ipv4_addr", "inet_service"] },
    { name: "hostports", key: ["ipv4_addr", "inet_proto", "inet_service"], data: "verdict" },
    { name: "nets", key: ["ipv4_addr"], interval: true },
  ],
  ip6: [{ name: "ports6", key: ["inet_proto", "inet_service"], data: ["ipv6_addr", "inet_service"] }],
  inet: [
    { name: "pods4", key: ["ipv4_addr"] },
    { name: "pods6", key: ["ipv6_addr"], data: "verdict" },
    { name: "links", key: ["ifname"] },
  ],
  bridge: [{ name: "ports", key: ["ifname"], data: "verdict" }],
  netdev: [],
};

const setText = ({ name, key, data, interval }: SetSpec): string => {
  const type = key.join(" . ") + (data === undefined ? "" : ` : ${data === "verdict" ? data : data.join(" . ")}`);
  return `${data === undefined ? "set" : "map"} ${name} { type ${type}; ${interval ? "flags interval;" : ""} }`;
};

describe("rules of every kind", () => {
  // A rule that asks for a hook that its chain is not reached from is refused, so no chain is a base chain here.
  const rulesOf = (family: string) =>
    Object.entries(goldenRules).flatMap(([text, one]) => (text.startsWith(`${family} `) ? [one] : []));
  const text = families
    .map(
      (family) =>
        `table ${family} t {\n${(sets[family] ?? []).map(setText).join("\n")}\nchain other { }\nchain c {\n${rulesOf(
          family,
        )
          .map(printRule)
          .join("\n")}\n}\n}\n`,
    )
    .join("");

  beforeAll(() => {
    for (const family of families) {
      const table = { family, name: "t" };
      transaction(socket, [
        addTable(table),
        ...(sets[family] ?? []).map((set, i) => addSet(table, set, i + 1)),
        addChain(table, { name: "other" }),
        addChain(table, { name: "c" }),
        ...rulesOf(family).map((one) => addRule(table, { name: "c" }, one)),
      ]);
    }
  });
  afterAll(() =>
    transaction(
      socket,
      families.map((family) => delTable({ family, name: "t" })),
    ),
  );

  test("are those of nft(8) for the same text", () => {
    expect(json()).toEqual(byText(text).json);
  });

  test("are shown as nft(8) shows its own", () => {
    const listed = nft("list", "ruleset");
    expect(listed).toBe(byText(text).text);
    expect(listed).not.toContain("unknown");
    expect(listed).not.toContain("@nh");
  });

  test("can be loaded again from what is shown", () => {
    const listed = nft("list", "ruleset");
    expect(byText(listed).text).toBe(listed);
  });

  test.each(families)("of family %s are read back as they were written", (family) => {
    const found = socket.dump(listRules({ family, name: "t" }, { name: "c" }));
    const wanted = rulesOf(family);
    expect(found.map(({ comment }) => comment)).toEqual(wanted.map(({ comment }) => comment));
    expect(found.map(({ expressions }) => canonical(expressions))).toEqual(
      wanted.map(({ does }) => canonical(compile(family, does))),
    );
  });

  test("are listed by table and chain; so are chains and tables", () => {
    expect(socket.dump(listRules(inet)).length).toBe(rulesOf("inet").length);
    expect(socket.dump(listRules(inet, { name: "other" }))).toEqual([]);
    expect(socket.dump(listChains(inet))).toEqual(["other", "c"]);
    expect(socket.dump(listTables("ip6"))).toEqual([{ family: "ip6", name: "t", use: 3 }]);
    expect(socket.ask(getTable({ family: "inet", name: "none" }))).toBeUndefined();
  });

  test("go by their handle", () => {
    const [first, second] = socket.dump(listRules(inet, { name: "c" }));
    transaction(socket, [delRule(inet, { name: "c" }, first?.handle ?? 0n)]);
    expect(socket.dump(listRules(inet, { name: "c" }))[0]?.handle).toBe(second?.handle ?? 0n);
  });
});

describe("base chains, comments and elements", () => {
  const table = { family: "inet", name: "n", comment: "netloom: a test" } as const;
  const bridge = { family: "bridge", name: "n" } as const;
  const pods: SetSpec = { name: "pods", key: ["ipv4_addr"], data: "verdict", comment: "who is where" };
  const nets: SetSpec = { name: "nets", key: ["ipv6_addr"], interval: true };
  const ports: SetSpec = { name: "ports", key: ["ifname"], data: "verdict" };
  const text = `
    table inet n {
      comment "netloom: a test"
      map pods { type ipv4_addr : verdict; comment "who is where"; elements = { 10.0.0.1 comment "one" : goto c, 10.0.0.2 : drop }; }
      set nets { type ipv6_addr; flags interval; elements = { fd00::/64 comment "a", ff00::/8 }; }
      chain c { comment "own"; }
      chain post { type nat hook postrouting priority srcnat; policy accept; ip saddr vmap @pods; }
      chain forward { type filter hook forward priority filter; policy drop; }
      chain late { type filter hook input priority 7; policy accept; }
    }
    table bridge n {
      map ports { type ifname : verdict; elements = { "veth0" : drop }; }
      chain pre { type filter hook prerouting priority dstnat; policy accept; }
    }
    table netdev n {
      chain in { type filter hook ingress device "lo" priority 0; policy accept; }
    }
`;

  const make = () => {
    transaction(socket, [
      addTable(table),
      addSet(table, pods, 1),
      addSet(table, nets, 2),
      addChain(table, { name: "c", comment: "own" }),
      addChain(table, { name: "post", base: { type: "nat", hook: "postrouting", priority: "srcnat" } }),
      addChain(table, {
        name: "forward",
        base: { type: "filter", hook: "forward", priority: "filter", policy: "drop" },
      }),
      addChain(table, { name: "late", base: { type: "filter", hook: "input", priority: 7 } }),
      addRule(table, { name: "post" }, rule([{ vmap: "pods", by: ["ip saddr"] }])),
      addElements(table, pods, [
        { key: ["10.0.0.1"], to: goTo("c"), comment: "one" },
        { key: ["10.0.0.2"], to: drop },
      ]),
      addElements(table, nets, [{ key: ["fd00::/64"], comment: "a" }, { key: ["ff00::/8"] }]),
      addTable(bridge),
      addSet(bridge, ports, 1),
      addElements(bridge, ports, [{ key: ["veth0"], to: drop }]),
      addChain(bridge, { name: "pre", base: { type: "filter", hook: "prerouting", priority: "dstnat" } }),
      addTable({ family: "netdev", name: "n" }),
      addChain(
        { family: "netdev", name: "n" },
        { name: "in", base: { type: "filter", hook: "ingress", device: "lo", priority: 0 } },
      ),
    ]);
  };
  beforeAll(make);
  afterAll(() => transaction(socket, [delTable(table), delTable(bridge), delTable({ family: "netdev", name: "n" })]));

  test("are those of nft(8) for the same text", () => {
    const theirs = byText(text);
    expect(json()).toEqual(theirs.json);
    expect(nft("list", "ruleset")).toBe(theirs.text);
  });

  test("are made again without harm, where that is not forbidden", () => {
    const before = json();
    transaction(socket, [addTable(table), addSet(table, pods, 1), addChain(table, { name: "c" })]);
    expect(json()).toEqual(before);
    const [refused] = tryTransaction(socket, [addChain(table, { name: "c" }, { exclusive: true })]);
    expect(refused?.refusal).toMatchObject({ errno: 17 });
  });

  test("elements are found by their keys, and listed", () => {
    const found = socket.ask(getElement(table, pods, keyBytes(pods.key, ["10.0.0.1"])));
    expect(found?.data).toEqual({ verdict: { code: "goto", chain: "c" } });
    expect(socket.ask(getElement(table, pods, keyBytes(pods.key, ["10.0.0.9"])))).toBeUndefined();
    expect(socket.dump(listElements(table, pods)).flat().length).toBe(2);
  });

  test("a comment is read back with its table", () => {
    expect(socket.ask(getTable(table))).toMatchObject({ comment: "netloom: a test" });
  });
});

describe("a transaction", () => {
  const chain = { name: "c" };
  const error = (body: () => void): NetlinkError => {
    try {
      body();
    } catch (thrown) {
      if (thrown instanceof NetlinkError) return thrown;
      throw thrown;
    }
    return expect.unreachable("nothing was refused");
  };

  test("is done whole or not at all, and says which request was refused, why and where", () => {
    const refused = error(() =>
      transaction(socket, [
        addTable(inet),
        addChain(inet, chain),
        addRule(inet, chain, rule([is("tcp dport", 22), accept])),
        addRule(inet, { name: "none" }, rule([is("tcp dport", 23), drop])),
      ]),
    );
    expect(refused.message).toBe(
      "add rule inet t none tcp dport 23 drop: No such file or directory (ENOENT, attribute chain)",
    );
    expect(nft("list", "ruleset")).toBe("");
  });

  test("tells of each refusal", () => {
    const refused = tryTransaction(socket, [
      addRule(inet, { name: "a" }, rule([accept])),
      addTable(inet),
      addRule(inet, { name: "b" }, rule([accept])),
    ]);
    expect(refused.map(({ request }) => request?.doing)).toEqual([
      "add rule inet t a accept",
      "add rule inet t b accept",
    ]);
  });

  test("finds a rule that its hook does not allow", () => {
    const base = { type: "nat", hook: "prerouting", priority: "dstnat" } as const;
    const refused = error(() =>
      transaction(socket, [
        addTable(inet),
        addChain(inet, { name: "pre", base }),
        addRule(inet, { name: "pre" }, rule([{ nat: "masquerade" }])),
      ]),
    );
    expect(refused.message).toContain("add rule inet t pre masquerade: Operation not supported (EOPNOTSUPP");
  });

  test("of a generation that has passed is refused as a whole", () => {
    const before = socket.ask(getGeneration()) ?? expect.unreachable("no generation");
    transaction(socket, [addTable(inet)], { generation: before });
    const late = error(() => transaction(socket, [delTable(inet)], { generation: before }));
    expect(late.code).toBe("ERESTART");
    expect(nft("list", "ruleset")).toContain("table inet t");
    transaction(socket, [delTable(inet)]);
  });

  test("may be larger than a socket takes without asking", () => {
    const many: SetSpec = { name: "many", key: ["ipv4_addr"] };
    const elements = Array.from({ length: 20_000 }, (_, i) => ({
      key: [`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`],
    }));
    const parts = Array.from({ length: 20 }, (_, i) => elements.slice(i * 1000, (i + 1) * 1000));
    transaction(socket, [addTable(inet), addSet(inet, many, 1), ...parts.map((part) => addElements(inet, many, part))]);
    expect(socket.dump(listElements(inet, many)).flat().length).toBe(20_000);
    transaction(socket, [delTable(inet)]);
  });

  test("with more refusals than find room says the first ones", () => {
    const wrong = Array.from({ length: 3000 }, (_, i) => addRule(inet, { name: `c${i}` }, rule([accept])));
    const refused = tryTransaction(socket, wrong);
    expect(refused[0]?.request?.doing).toBe("add rule inet t c0 accept");
    expect(socket.dump(listTables())).toEqual([]);
  });

  test("is traced message by message", () => {
    const lines: string[] = [];
    setTracer(textTracer(messageKinds, (text) => lines.push(text)));
    try {
      transaction(socket, [addTable(inet), delTable(inet)]);
    } finally {
      setTracer(undefined);
    }
    const heads = lines.filter((line) => line.startsWith(">")).map((line) => line.split("\n")[0]);
    expect(heads).toEqual([
      "> begin a transaction",
      "> add table inet t",
      "> delete table inet t",
      "> end a transaction",
    ]);
    expect(lines.join("")).toContain("newtable length");
  });
});
