/** Links of a lab with delay and loss, which only a kernel with netem can have. */
import { afterEach, describe, expect, test } from "bun:test";
import { delQdisc, putQdisc } from "../../src/rtnl/index.ts";
import { load } from "../../src/lab/index.ts";
import { reaches, small } from "./lab-host.ts";
import { ip, lacks, pair, socket } from "./rtnl-witness.ts";

const index = pair("q0");
const lacking = lacks(() => {
  socket.run(putQdisc({ index, kind: "netem", delay: 1000 }));
  socket.run(delQdisc({ index }));
});

const slow = load({ ...small, links: [{ on: "n1p1", delay: "30ms", jitter: "1ms", loss: "0.1%" }] });

/** The least of a few round trips to the other pod, in milliseconds. */
function roundTrip(): number {
  type Addressed = { readonly addr_info: readonly { readonly local: string; readonly scope: string }[] };
  const [link] = ip<Addressed>("-n", "bad-n1p2", "address", "show", "dev", "eth0");
  const address = link?.addr_info.find(({ scope }) => scope === "global")?.local ?? "";
  const run = Bun.spawnSync(["ip", "netns", "exec", "bad-n1p1", "ping", "-n", "-c", "3", "-W", "20", address]);
  const said = run.stdout.toString();
  const times = [...said.matchAll(/time=([\d.]+) ms/g)].map(([, time]) => Number(time));
  if (times.length === 0) throw new Error(`ping ${address}: ${said}${run.stderr.toString()}`);
  return Math.min(...times);
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
