import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type Op, type OpOf, inverse, opToJson, printOp } from "../../src/change/index.ts";
import { type Kernel, OpError } from "../../src/kernel/index.ts";
import {
  type Owned,
  type SharedTable,
  back,
  drop,
  goTo,
  is,
  isNot,
  masquerade,
  ownChain,
  rule,
  vmap,
} from "../../src/nft/index.ts";
import { owner as lab } from "./wishes.ts";

const netns = "nlc-rules";

const table: SharedTable = {
  family: "inet",
  name: "nlc",
  comment: "of the contract",
  roles: ["pod", "extra"],
  sets: [
    { name: "pods4", key: ["ipv4_addr"], data: "verdict" },
    { name: "ports", key: ["inet_proto", "inet_service"], data: ["ipv4_addr", "inet_service"] },
  ],
  chains: [
    {
      name: "post",
      base: { type: "nat", hook: "postrouting", priority: "srcnat" },
      rules: [rule([is("ip daddr", "224.0.0.0/4"), back]), rule([vmap("ip saddr", "pods4")])],
    },
  ],
};

/** What an owner has who has an address, and perhaps a port. */
function having(owner: string, ip: string, port?: number): Owned {
  return {
    rules: {
      pod: [rule([is("ip saddr", ip), isNot("ip daddr", "10.0.0.0/8"), masquerade])],
      ...(port !== undefined && { extra: [rule([is("tcp dport", port), drop])] }),
    },
    elements: [
      { set: "pods4", elements: [{ key: [ip], to: goTo(ownChain("pod", owner)) }] },
      ...(port === undefined ? [] : [{ set: "ports", elements: [{ key: ["tcp", port], to: [ip, 80] }] }]),
    ],
  };
}

/** What every kernel must do with the rules of owners. */
export function rulesContract(name: string, makeKernel: () => Kernel): void {
  describe(`${name} keeps the contract of rules:`, () => {
    let kernel: Kernel;
    beforeEach(() => {
      kernel = makeKernel();
      kernel.run([{ do: "netns.create", netns, owner: lab, hostname: "rules" }]);
    });
    afterEach(() => {
      kernel.run([{ do: "netns.delete", netns }]);
      kernel[Symbol.dispose]();
    });

    const put = (owner: string, own: Owned, more: Partial<OpOf<"nft.put">> = {}): OpOf<"nft.put"> => ({
      do: "nft.put",
      netns,
      table,
      owner,
      own,
      ...more,
    });
    const gone = (owner: string): OpOf<"nft.delete"> => ({ do: "nft.delete", netns, table, owner });
    const owners = () => kernel.ruleOwners(netns, table).toSorted();
    const one = put("n/1", having("n/1", "10.0.0.1", 8080));
    const two = put("n/2", having("n/2", "10.0.0.2"));

    test("an owner's rules are there when they are put, and not when they are deleted", () => {
      expect(owners()).toEqual([]);
      expect(kernel.missingRules(one).length).toBeGreaterThan(0);
      kernel.run([one, two]);
      expect(owners()).toEqual(["n/1", "n/2"]);
      expect([kernel.missingRules(one), kernel.missingRules(two)]).toEqual([[], []]);
      kernel.run([gone("n/1")]);
      expect(owners()).toEqual(["n/2"]);
      expect(kernel.missingRules(two)).toEqual([]);
      kernel.run([gone("n/2")]);
      expect(owners()).toEqual([]);
    });

    test("putting them twice is the same as once, and so is deleting", () => {
      kernel.run([one, one, two]);
      expect(kernel.missingRules(one)).toEqual([]);
      kernel.run([gone("n/1"), gone("n/1"), gone("n/none")]);
      expect(owners()).toEqual(["n/2"]);
    });

    test("others come in their place", () => {
      const moved = put("n/1", having("n/1", "10.0.0.9"));
      kernel.run([one, moved]);
      expect(kernel.missingRules(moved)).toEqual([]);
      expect(kernel.missingRules(one)).toContain("element of pods4: 10.0.0.1 : goto pod/n/1");
      expect(kernel.missingRules(one)).toContain("element of ports: tcp . 8080 : 10.0.0.1 . 80");
      expect(kernel.missingRules(one)).toContain("rule of extra/n/1: tcp dport 8080 drop");
    });

    test("what another owner has is not taken, unless it is said so", () => {
      const thief = put("n/3", having("n/3", "10.0.0.1"));
      kernel.run([one]);
      let refused: unknown;
      try {
        kernel.run([two, thief]);
      } catch (error) {
        refused = error;
      }
      expect(refused).toBeInstanceOf(OpError);
      expect(refused).toMatchObject({ code: "exists", index: 1 });
      expect((refused as OpError).message).toContain("taken by netloom n/1");
      expect(owners()).toEqual(["n/1", "n/2"]);
      kernel.run([{ ...thief, taking: true }]);
      expect(kernel.missingRules(thief)).toEqual([]);
      // The one whose address it was can go without harm to the new one.
      kernel.run([gone("n/1")]);
      expect(kernel.missingRules(thief)).toEqual([]);
      expect(owners()).toEqual(["n/2", "n/3"]);
    });

    test("is undone by its inverse", () => {
      const back = (op: Op) => kernel.run(inverse(op));
      kernel.run([one]);
      back(one);
      expect(owners()).toEqual([]);
      const moved = put("n/1", having("n/1", "10.0.0.9"), { was: one.own });
      kernel.run([one, moved]);
      back(moved);
      expect(kernel.missingRules(one)).toEqual([]);
      const deleted = { ...gone("n/1"), was: one.own };
      kernel.run([deleted]);
      back(deleted);
      expect(kernel.missingRules(one)).toEqual([]);
      expect(inverse(gone("n/1"))).toEqual([]);
    });

    test("a namespace that is not there is an error", () => {
      expect(() => kernel.run([{ ...one, netns: "nlc-none" }])).toThrow(OpError);
    });

    test("an op survives JSON and is printed as nft(8) reads it", () => {
      const again = JSON.parse(JSON.stringify(opToJson(one))) as OpOf<"nft.put">;
      expect(again).toEqual(one);
      expect(printOp(again)).toContain("add rule inet nlc pod/n/1 ip saddr 10.0.0.1 ip daddr != 10.0.0.0/8 masquerade");
      expect(printOp(gone("n/1"))).toBe("ip netns exec nlc-rules nft 'delete chain inet nlc pod/n/1'");
    });
  });
}
