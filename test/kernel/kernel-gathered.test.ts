/** Ops are gathered and sent together; what is asked of the kernel meanwhile must not be older than they are. */
import { afterAll, expect, test } from "bun:test";
import type { LinkSpec, Op } from "../../src/change/index.ts";
import { RealKernel } from "../../src/kernel/index.ts";
import { parseIfName } from "../../src/values/index.ts";

const names = ["ga-a", "ga-b"];
const here = { kind: "veth", name: parseIfName("port") } as const;
const there = { kind: "veth", name: parseIfName("eth1") } as const;
const link: LinkSpec = { ...here, peer: { netns: "ga-b", name: there.name } };
const add: Op = { do: "link.add", netns: "ga-a", link, peer: { ...there, peer: { netns: "ga-a", name: here.name } } };
const remove: Op = { do: "link.delete", netns: "ga-a", name: here.name, was: link };

function run(ops: readonly Op[]): void {
  using kernel = new RealKernel();
  kernel.run(ops);
}

afterAll(() => run(names.map((netns) => ({ do: "netns.delete", netns }))));

test("a cable is made anew from one end where nobody has looked at the other yet", () => {
  run([...names.map((netns): Op => ({ do: "netns.create", netns, owner: "netloom:ga", hostname: netns })), add]);
  expect(() => run([remove, add])).not.toThrow();
  using kernel = new RealKernel();
  expect(kernel.hasLink("ga-b", "eth1")).toBe(true);
});
