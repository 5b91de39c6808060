/** Rules of owners in tables that several share, with nft(8) as the witness. */
import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { type Op, type OpOf, printOp } from "../../src/change/index.ts";
import { OpError, RealKernel } from "../../src/kernel/index.ts";
import { type SharedTable, accept, goTo, is, ownChain, rule, vmap } from "../../src/nft/index.ts";
import { masqueradeDelete, masqueradePut, masqueradeTable } from "../../src/plugins/_masquerade.ts";
import { spoofCheckDelete, spoofCheckPut } from "../../src/plugins/_spoof-check.ts";
import { parseIfName, parseMac, parsePrefix } from "../../src/values/index.ts";
import { rulesContract } from "../contract/rules.ts";

rulesContract("the real kernel", () => new RealKernel());

const kernel = new RealKernel({ places: { host: "" } });
const run = (...ops: readonly Op[]): void => kernel.run(ops);
const nft = (...words: readonly string[]): string => {
  const { stdout, stderr, exitCode } = Bun.spawnSync(["nft", ...words]);
  if (exitCode !== 0) throw new Error(stderr.toString());
  return stdout.toString();
};
const ruleset = (): string => nft("list", "ruleset");

afterEach(() => nft("flush", "ruleset"));
afterAll(() => kernel[Symbol.dispose]());

const identity = (containerId: string, ifname = "eth0") => ({ network: "n1", containerId, ifname });
const prefixes = (...texts: readonly string[]) => texts.map(parsePrefix);

test("masquerading looks as a person would write it", () => {
  run(masqueradePut("host", identity("m1"), prefixes("10.8.0.4/24", "fd08::3/64")));
  expect(ruleset()).toBe(`table inet netloom_masquerade {
	comment "netloom: sources that leave with the address of this host"
	map pods4 {
		type ipv4_addr : verdict
		elements = { 10.8.0.4 comment "netloom n1/eth0/m1" : goto pod/n1/eth0/m1 }
	}

	map pods6 {
		type ipv6_addr : verdict
		elements = { fd08::3 comment "netloom n1/eth0/m1" : goto pod/n1/eth0/m1 }
	}

	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		ip daddr 224.0.0.0/4 return
		ip6 daddr ff00::/8 return
		ip saddr vmap @pods4
		ip6 saddr vmap @pods6
	}

	chain pod/n1/eth0/m1 {
		ip saddr 10.8.0.4 ip daddr != 10.8.0.0/24 masquerade comment "netloom n1/eth0/m1"
		ip6 saddr fd08::3 ip6 daddr != fd08::/64 masquerade comment "netloom n1/eth0/m1"
	}
}
`);
  run(masqueradeDelete("host", identity("m1")));
  expect(ruleset()).toBe("");
});

test("so does the spoof check", () => {
  run(spoofCheckPut("host", identity("m1"), parseIfName("veth43c1db78"), parseMac("82:63:26:14:2b:6b")));
  expect(ruleset()).toBe(`table bridge netloom_spoof_check {
	comment "netloom: bridge ports that may send from their own address only"
	map ports {
		type ifname : verdict
		elements = { "veth43c1db78" comment "netloom n1/eth0/m1" : goto port/n1/eth0/m1 }
	}

	chain prerouting {
		type filter hook prerouting priority dstnat; policy accept;
		iifname vmap @ports
	}

	chain port/n1/eth0/m1 {
		ether saddr != 82:63:26:14:2b:6b drop comment "netloom n1/eth0/m1"
	}
}
`);
  run(spoofCheckDelete("host", identity("m1")));
  expect(ruleset()).toBe("");
});

describe("what is printed", () => {
  const inNamespace = (body: (netns: string) => void): void => {
    const netns = "nlc-printed";
    run({ do: "netns.create", netns, owner: "netloom:x", hostname: "x" });
    try {
      body(netns);
    } finally {
      run({ do: "netns.delete", netns });
    }
  };
  const sh = (command: string): string => {
    const { stdout, stderr, exitCode } = Bun.spawnSync(["sh", "-c", command]);
    expect([exitCode, stderr.toString()]).toEqual([0, ""]);
    return stdout.toString();
  };

  test("does the same when nft(8) runs it, once or twice", () => {
    inNamespace((netns) => {
      const op = masqueradePut(netns, identity("m1"), prefixes("10.8.0.4/24", "fd08::3/64"));
      run(op);
      const ours = sh(`ip netns exec ${netns} nft list ruleset`);
      sh(`ip netns exec ${netns} nft flush ruleset`);
      sh(printOp(op));
      sh(printOp(op));
      expect(sh(`ip netns exec ${netns} nft list ruleset`)).toBe(ours);
      expect(kernel.missingRules(op)).toEqual([]);
    });
  });

  test("of a deletion takes the owner's things away", () => {
    inNamespace((netns) => {
      const put = masqueradePut(netns, identity("m1"), prefixes("10.8.0.4/24"));
      run(put);
      sh(printOp({ ...masqueradeDelete(netns, identity("m1")), was: put.own } as OpOf<"nft.delete">));
      expect(kernel.ruleOwners(netns, masqueradeTable)).toEqual([]);
    });
  });
});

test("rules are found and deleted after somebody saved and loaded the ruleset", () => {
  const put = masqueradePut("host", identity("m1"), prefixes("10.8.0.4/24", "fd08::3/64"));
  run(put, masqueradePut("host", identity("m2"), prefixes("10.8.0.5/24")));
  const saved = ruleset();
  nft("flush", "ruleset");
  const load = Bun.spawnSync(["nft", "-f", "-"], { stdin: Buffer.from(saved) });
  expect(load.exitCode).toBe(0);
  expect(kernel.missingRules(put)).toEqual([]);
  run(masqueradeDelete("host", identity("m1")));
  expect(ruleset()).not.toContain("m1");
  expect(kernel.ruleOwners("host", masqueradeTable)).toEqual(["n1/eth0/m2"]);
  run(masqueradeDelete("host", identity("m2")));
  expect(ruleset()).toBe("");
});

describe("a check", () => {
  const put = masqueradePut("host", identity("m1"), prefixes("10.8.0.4/24"));

  test.each([
    ["a shared rule", "flush chain inet netloom_masquerade postrouting", "rule of postrouting: ip saddr vmap @pods4"],
    [
      "an element",
      "delete element inet netloom_masquerade pods4 { 10.8.0.4 }",
      "element of pods4: 10.8.0.4 : goto pod/n1/eth0/m1",
    ],
    [
      "a rule of the owner",
      "flush chain inet netloom_masquerade pod/n1/eth0/m1",
      "rule of pod/n1/eth0/m1: ip saddr 10.8.0.4 ip daddr != 10.8.0.0/24 masquerade",
    ],
    [
      "a rule too many",
      "add rule inet netloom_masquerade pod/n1/eth0/m1 drop",
      "pod/n1/eth0/m1 has rules that nobody asked for",
    ],
    [
      "another verdict",
      "delete element inet netloom_masquerade pods4 { 10.8.0.4 } ; add element inet netloom_masquerade pods4 { 10.8.0.4 : drop }",
      "element of pods4: 10.8.0.4 : goto pod/n1/eth0/m1",
    ],
  ])("tells of %s, and what is put again is whole", (_what, harm, line) => {
    run(put);
    expect(kernel.missingRules(put)).toEqual([]);
    nft(harm);
    expect(kernel.missingRules(put)).toContain(line);
  });

  test("does not mind a rule that somebody has put between the shared ones", () => {
    run(put);
    nft("insert rule inet netloom_masquerade postrouting counter");
    expect(kernel.missingRules(put)).toEqual([]);
  });

  test("of a table that is gone names everything", () => {
    expect(kernel.missingRules(put).length).toBe(6);
  });
});

test("a table with things that are nobody's we know stays", () => {
  run(masqueradePut("host", identity("m1"), prefixes("10.8.0.4/24")));
  nft("add chain inet netloom_masquerade mine");
  run(masqueradeDelete("host", identity("m1")));
  expect(ruleset()).toContain("chain mine");
  expect(ruleset()).not.toContain("m1");
});

test("a table that lost a shared part is made whole by the next owner", () => {
  run(masqueradePut("host", identity("m1"), prefixes("10.8.0.4/24")));
  nft("flush chain inet netloom_masquerade postrouting");
  nft("delete map inet netloom_masquerade pods6");
  const put = masqueradePut("host", identity("m2"), prefixes("fd08::2/64"));
  run(put);
  expect(kernel.missingRules(put)).toEqual([]);
});

test("owners with long or odd names are kept apart", () => {
  const long = "f".repeat(64);
  const odd = { network: "a network of more than thirty letters, with blanks", containerId: long, ifname: "eth0@x" };
  const put = masqueradePut("host", odd, prefixes("10.8.0.4/24"));
  const other = masqueradePut("host", { ...odd, network: `${odd.network}!` }, prefixes("10.8.0.5/24"));
  run(put, other);
  expect(kernel.ruleOwners("host", masqueradeTable).toSorted()).toEqual([put.owner, other.owner].toSorted());
  const saved = ruleset();
  const load = Bun.spawnSync(["nft", "-c", "-f", "-"], { stdin: Buffer.from(saved) });
  expect([load.exitCode, load.stderr.toString()]).toEqual([0, ""]);
  run(masqueradeDelete("host", odd));
  expect(kernel.ruleOwners("host", masqueradeTable)).toEqual([other.owner]);
});

/** An owner with so many elements that its chain cannot keep their keys. */
test("an owner with many elements", () => {
  const table: SharedTable = {
    family: "inet",
    name: "many",
    roles: ["own"],
    sets: [{ name: "ports", key: ["inet_service"], data: "verdict" }],
    chains: [
      {
        name: "input",
        base: { type: "filter", hook: "input", priority: "filter" },
        rules: [rule([vmap("tcp dport", "ports")])],
      },
    ],
  };
  const put = (owner: string, from: number): OpOf<"nft.put"> => ({
    do: "nft.put",
    netns: "host",
    table,
    owner,
    own: {
      rules: { own: [rule([is("tcp dport", from), accept])] },
      elements: [
        {
          set: "ports",
          elements: Array.from({ length: 300 }, (_, i) => ({ key: [from + i], to: goTo(ownChain("own", owner)) })),
        },
      ],
    },
  });
  run(put("a", 1000), put("b", 2000), put("a", 3000));
  expect(kernel.missingRules(put("a", 3000))).toEqual([]);
  expect(kernel.missingRules(put("a", 1000)).length).toBe(301);
  run({ do: "nft.delete", netns: "host", table, owner: "a" });
  expect(kernel.missingRules(put("b", 2000))).toEqual([]);
  run({ do: "nft.delete", netns: "host", table, owner: "b" });
  expect(ruleset()).toBe("");
});

test("what the kernel refuses says which rule, why and where", () => {
  const put = masqueradePut("host", identity("m1"), prefixes("10.8.0.4/24"));
  const base = { type: "filter", hook: "postrouting", priority: "srcnat" } as const;
  const table: SharedTable = {
    ...put.table,
    name: "wrong",
    chains: put.table.chains.map((chain) => ({ ...chain, base })),
  };
  let refused: unknown;
  try {
    run({ ...put, table });
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(OpError);
  // The element is what makes the rule reachable from a hook in which nothing can be masqueraded.
  expect((refused as OpError).message).toBe(
    "put rules of n1/eth0/m1 in table inet wrong of host: add element inet wrong pods4 { 10.8.0.4 " +
      'comment "netloom n1/eth0/m1" : goto pod/n1/eth0/m1 }: Operation not supported (EOPNOTSUPP)',
  );
  expect(ruleset()).toBe("");
});

test("processes that put and delete at once lose nothing and leave nothing", async () => {
  const keep = masqueradePut("host", identity("keep"), prefixes("10.8.0.4/24"));
  run(keep);
  const some = Array.from({ length: 4 }, (_, i) =>
    Bun.spawn([process.execPath, join(import.meta.dir, "_owners.ts"), `${i * 20}`, "12", "2"], {
      stdout: "ignore",
      stderr: "pipe",
    }),
  );
  const ended = await Promise.all(some.map(async (one) => [await one.exited, await new Response(one.stderr).text()]));
  expect(ended).toEqual(some.map(() => [0, ""]));
  expect(kernel.missingRules(keep)).toEqual([]);
  expect(kernel.ruleOwners("host", masqueradeTable)).toEqual([keep.owner]);
  run(masqueradeDelete("host", identity("keep")));
  expect(ruleset()).toBe("");
});

test("processes that come and go alone leave no table behind", async () => {
  const some = Array.from({ length: 6 }, (_, i) =>
    Bun.spawn([process.execPath, join(import.meta.dir, "_owners.ts"), `${i}`, "1", "15"], {
      stdout: "ignore",
      stderr: "pipe",
    }),
  );
  const ended = await Promise.all(some.map(async (one) => [await one.exited, await new Response(one.stderr).text()]));
  expect(ended).toEqual(some.map(() => [0, ""]));
  expect(ruleset()).toBe("");
});
