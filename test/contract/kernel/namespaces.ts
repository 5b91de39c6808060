import { expect, test } from "bun:test";
import { type Op, diff } from "../../../src/change/index.ts";
import { ip, owner, wishOf } from "../wishes.ts";
import { type Scene, forwarding, node, pod } from "./scene.ts";

/** What every kernel must do with namespaces, their parameters, and runs of ops. */
export function namespacesContract(scene: Scene): void {
  const { facts, all, at, linkAt, has, become, refusal } = scene;

  test("a namespace is made, tagged and deleted", async () => {
    become(wishOf({ name: "nlc-a", links: [] }));
    expect(at("nlc-a").owner).toBe(owner);
    expect(scene.kernel.namespaces()).toContain("nlc-a");
    expect(scene.kernel.owners(["nlc-a", "nlc-none"])).toEqual(new Map([["nlc-a", owner]]));
    expect(linkAt("nlc-a", "lo").up).toBe(true);
    expect(facts("nlc-none").size).toBe(0);
    become(wishOf());
    expect(facts("nlc-a").size).toBe(0);
    await scene.kernel.settle();
    become(wishOf({ name: "nlc-a", links: [] }));
  });

  test("a namespace that is there is not made twice", () => {
    const op: Op = { do: "netns.create", netns: "nlc-a", owner, hostname: "a" };
    const error = refusal([op, { do: "sysctl.set", netns: "nlc-a", key: forwarding, value: "1" }, op]);
    expect(error).toMatchObject({ code: "exists", index: 2, op });
    expect(error.message).toContain("ip netns add nlc-a");
    expect(at("nlc-a").sysctls[forwarding]).toBe("1");
  });

  test("nothing can be asked of a namespace that is not there", () => {
    const { kernel } = scene;
    const table = { family: "inet", name: "nlc", comment: "none", roles: ["pod"], chains: [] } as const;
    const put = { do: "nft.put", netns: "nlc-none", table, owner, own: { rules: {} } } as const;
    const questions: readonly (() => unknown)[] = [
      () => kernel.link("nlc-none", "eth0"),
      () => kernel.hasLink("nlc-none", "eth0"),
      () => kernel.sysctl("nlc-none", forwarding),
      () => kernel.queues("nlc-none", "eth0"),
      () => kernel.portVlans("nlc-none", "eth0"),
      () => kernel.routes("nlc-none"),
      () => kernel.wayTo("nlc-none", ip("10.0.0.1")),
      () => kernel.ruleOwners("nlc-none", table),
      () => kernel.missingRules(put),
      () => kernel.hasChain("nlc-none", table, "post"),
    ];
    for (const question of questions) {
      expect(question).toThrow(expect.objectContaining({ name: "NetnsError", code: "missing", netns: "nlc-none" }));
    }
  });

  test("sysctls are set once", () => {
    const wish = wishOf({ name: "nlc-a", sysctls: { [forwarding]: "1" }, links: [] });
    become(wish);
    expect(at("nlc-a").sysctls[forwarding]).toBe("1");
  });

  test.each([false, true])("deleting a namespace takes the other ends of its veths (goesOn: %p)", async (goesOn) => {
    become(wishOf(node, pod));
    // Nothing but the deletion is to be waited for.
    await scene.kernel.settle();
    scene.kernel.run([{ do: "netns.delete", netns: "nlc-pod" }], { goesOn });
    await scene.kernel.settle();
    expect(has("nlc-node", "pod1")).toBe(false);
    become(wishOf(node, pod));
  });

  test("a run stops where its caller says", () => {
    const ops = diff(wishOf({ name: "nlc-a", links: [] }, { name: "nlc-b", links: [] }), all());
    const seen: number[] = [];
    const stop = new Error("stop");
    const before = (index: number) => {
      seen.push(index);
      if (index === 1) throw stop;
    };
    expect(() => scene.kernel.run(ops, { before })).toThrow(stop);
    expect(seen).toEqual([0, 1]);
    expect([...all().keys()]).toEqual(["nlc-a"]);
  });
}
