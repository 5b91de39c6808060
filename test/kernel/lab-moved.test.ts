/** What is somewhere else after a change: nobody goes on as if it were where it was. */
import { expect, test } from "bun:test";
import { load } from "../../src/lab/index.ts";
import { reaches } from "./lab-host.ts";
import { said } from "./lab-wire.ts";

const shuffled = (seed: number) =>
  load({
    name: "moved",
    nodes: 3,
    pods: 2,
    addresses: { ipv4: "172.16.0.0/16/24", ipv6: "1000::1:0.0.0.0", shuffle: { seed, count: 9 } },
    network: { join: "l2" },
  });

test("on one segment everybody has another address, and is reached at once", async () => {
  await shuffled(1).up();
  expect(await reaches(shuffled(1))).toBe(true);
  expect(said("moved-vm-001-ns01", "ip", "neigh", "show")).toContain("172.16.0.");
  await using lab = shuffled(2);
  const { ops } = await lab.up();
  expect(ops.filter((op) => op.do === "neigh.forget")).toHaveLength(10);
  const { summary } = await lab.test({ timeoutMs: 1000, retries: 0 });
  expect(summary).toMatchObject({ failed: 0 });
  expect(lab.plan().ops).toEqual([]);
});

test("an interface that was a port of the bridge is the node's own, and speaks IPv6 by itself", async () => {
  const joined = (join: "l2" | "routes") => load({ name: "moved", nodes: 2, pods: 1, network: { join } });
  await joined("l2").up();
  await using lab = joined("routes");
  await lab.up();
  expect(said("moved-vm-001", "ip", "-6", "addr", "show", "dev", "eth1", "scope", "link")).toContain("fe80::");
  const { summary } = await lab.test({ timeoutMs: 1000, retries: 0 });
  expect(summary).toMatchObject({ failed: 0 });
  expect(lab.plan().ops).toEqual([]);
});
