/** Links of a lab with delay and loss, which only a kernel with netem can have. */
import { afterEach, describe, expect, test } from "bun:test";
import { delQdisc, putQdisc } from "../../src/rtnl/index.ts";
import { load } from "../../src/lab/index.ts";
import { reaches, small } from "./lab-host.ts";
import { lacks, pair, socket } from "./rtnl-witness.ts";

const index = pair("q0");
const lacking = lacks(() => {
  socket.run(putQdisc({ index, kind: "netem", delay: 1000 }));
  socket.run(delQdisc({ index }));
});

const slow = load({ ...small, links: [{ on: "n1p1", delay: "30ms", jitter: "1ms", loss: "0.1%" }] });

/** Milliseconds to the other pod and back. */
function roundTrip(): number {
  const [address] = Bun.spawnSync(["ip", "netns", "exec", "n1p2", "hostname", "-I"]).stdout.toString().split(" ");
  const run = Bun.spawnSync(["ip", "netns", "exec", "n1p1", "ping", "-n", "-c", "1", "-W", "20", address ?? ""]);
  return Number(/time=([\d.]+) ms/.exec(run.stdout.toString())?.[1]);
}

describe.skipIf(lacking)("links of a lab (needs CONFIG_NET_SCH_NETEM)", () => {
  afterEach(async () => void (await slow.down()));

  test("have their delay, and are left alone the second time", async () => {
    await slow.up();
    expect(roundTrip()).toBeGreaterThanOrEqual(29);
    expect((await slow.up()).ops).toEqual([]);
    expect(await reaches(slow)).toBe(true);
  });

  test("that lose everything are seen, and mended", async () => {
    const lab = load(small);
    await lab.up();
    expect(await reaches(lab)).toBe(true);
    lab.impair("n1p1", { loss: "100%" });
    const { summary } = await lab.test({ timeoutMs: 500 });
    expect(summary.failed).toBeGreaterThan(0);
    await lab.up();
    expect(await reaches(lab)).toBe(true);
  });
});
