import { expect, test } from "bun:test";
import type { Op } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";
import { MemoryKernel } from "../kernel/memory.ts";
import { parseIfName } from "../values/index.ts";
import { unwind } from "./unwind.ts";

const dev = parseIfName("veth1");

/** A kernel without VLAN filtering. */
class Plain extends MemoryKernel {
  override run(ops: readonly Op[]): void {
    for (const op of ops) {
      if (op.do === "vlan.add") throw new Error(`vlan ${op.vlan.vid}: not supported`);
      super.run([op]);
    }
  }
}

function unwound(steps: readonly Op[], before: readonly Op[]): Promise<readonly string[]> {
  const kernel: Kernel = new Plain();
  kernel.run([{ do: "netns.create", netns: "host", owner: "x", hostname: "host" }, ...before]);
  return unwind(steps, () => kernel);
}

const bridge: Op = { do: "link.add", netns: "host", link: { name: dev, kind: "bridge" } };
const cut: Op = { do: "vlan.delete", netns: "host", dev, vlan: { vid: 1 } };

test("what cannot be put back on a link is told", async () => {
  expect(await unwound([cut], [bridge])).toEqual(["vlan 1: not supported"]);
});

test("but not when the link itself goes", async () => {
  expect(await unwound([bridge, cut], [bridge])).toEqual([]);
});
