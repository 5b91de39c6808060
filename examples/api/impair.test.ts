/** A program on a bad link: slow while the link is, and as fast as before afterwards. */
import { expect, test } from "bun:test";
import { up } from "netloom";

const program = [process.execPath, `${import.meta.dir}/transfer.ts`];

test("a rate limit slows a transfer down until it is taken away", async () => {
  await using lab = await up({ name: "slow", nodes: 2, pods: 1, network: { join: { kind: "vxlan", over: "ipv4" } } });
  const stop = new AbortController();
  const receiver = lab.exec("vm-002-ns01", program, { signal: stop.signal });
  const transfer = async () => Number((await lab.exec("vm-001-ns01", [...program, "172.16.2.1"])).stdout);

  lab.impair("vm-001-ns01", { rate: "2mbit" });
  const slow = await transfer();
  lab.impair("vm-001-ns01", {});
  const good = await transfer();
  expect(slow).toBeGreaterThan(500);
  expect(good).toBeLessThan(slow);

  stop.abort();
  await receiver;
});
