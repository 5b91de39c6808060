/** A network test is an ordinary test: the lab is made in this process and goes with the block. */
import { expect, test } from "bun:test";
import { up } from "netloom";

test("every pod reaches every pod over the overlay", async () => {
  await using lab = await up("examples/overlay.netloom.yaml");
  const { summary } = await lab.test();
  expect(summary.failed).toBe(0);
});
