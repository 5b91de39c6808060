import { expect, test } from "bun:test";
import { MemoryKernel } from "../kernel/memory.ts";
import type { LabInput } from "./file/index.ts";
import { labOf } from "./file/index.ts";
import { forgetOps } from "./moved.ts";
import { planWish } from "./plan.ts";
import { resolve } from "./resolve/index.ts";
import { planChange } from "./up.ts";

const wishFor = (shuffle: { seed: number } | undefined, nodes = 2) => {
  const addresses: LabInput["addresses"] = {
    ipv4: "172.16.0.0/16/24",
    ...(shuffle && { shuffle: { ...shuffle, count: 4 } }),
  };
  return planWish(resolve(labOf({ name: "x", nodes, pods: 1, addresses, network: { join: "l2" } })));
};

/** What is forgotten when one lab becomes another. */
function forgotten(from: ReturnType<typeof wishFor>, to: ReturnType<typeof wishFor>): readonly unknown[] {
  const kernel = new MemoryKernel();
  kernel.run(planChange(kernel, from, []).ops);
  return planChange(kernel, to, []).ops.filter((op) => op.do === "neigh.forget");
}

test("nothing is forgotten of a lab that was not there, stays as it is, or gets more nodes", () => {
  expect(forgetOps(wishFor(undefined), new Map())).toEqual([]);
  expect(forgotten(wishFor({ seed: 1 }), wishFor({ seed: 1 }))).toEqual([]);
  expect(forgotten(wishFor(undefined), wishFor(undefined, 3))).toEqual([]);
});

test("everybody who was there forgets addresses that are others' now, and only those", () => {
  const ops = forgotten(wishFor({ seed: 1 }), wishFor({ seed: 2 }));
  expect(ops).toHaveLength(5);
  // The nodes had 4 and 2 and get 2 and 1, the pods had 3 and 1 and get 3 and 4.
  expect(ops[0]).toMatchObject({ netns: "x-fabric", ips: ["172.16.0.2", "172.16.0.1", "172.16.0.4"] });
});
