import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { type ProbeEnd, type ProbePair, fullMatrix, runMatrix } from "../../src/probe/index.ts";
import { parseIp } from "../../src/values/index.ts";
import { ProbeLab, ip, ipJson } from "./probe-lab.ts";

const PODS = 100;
const lab = new ProbeLab();
let pods: ProbeEnd[] = [];

beforeAll(async () => {
  lab.bridge("sw");
  pods = lab.podsInBulk("sw", PODS, (n) => [`10.9.0.${n}/16`, `fd09::${n.toString(16)}/64`]);
  await lab.ready();
  await runMatrix(fullMatrix(pods.slice(0, 2), []));
}, 120_000);
afterAll(() => lab[Symbol.dispose]());

const neighbours = (pod: string): readonly string[] =>
  ipJson(pod, "neigh", "show", "dev", "eth0").map(({ dst, state }) => `${String(dst)} ${String(state)}`);

/**
 * 100 pods on one link need 9900 neighbour entries per family; the machine has room for 1024. Without care for that
 * most packets would be lost.
 */
test("a full matrix of 100 pods in two families loses nothing, and touches no permanent neighbour", async () => {
  ip(
    "p1",
    `neigh add 10.9.200.1 dev eth0 lladdr 02:00:00:00:00:01 nud permanent
neigh add fd09::200:1 dev eth0 lladdr 02:00:00:00:00:01 nud permanent
neigh add 10.9.200.3 dev eth0 lladdr 02:00:00:00:00:03 extern_learn`,
  );
  const pairs = fullMatrix(pods, []);
  expect(pairs.length).toBe(PODS * (PODS - 1) * 2);
  const before = readdirSync("/proc/self/fd").length;
  let turns = 0;
  const { summary } = await runMatrix(pairs, { onProgress: () => void turns++ });
  expect(summary).toMatchObject({ pairs: pairs.length, ok: pairs.length, failed: 0, loss: 0 });
  expect(turns).toBeGreaterThan(10);
  expect(readdirSync("/proc/self/fd").length).toBe(before);

  const left = neighbours("p1");
  expect(left).toContain("10.9.200.1 PERMANENT");
  expect(left).toContain("fd09::200:1 PERMANENT");
  expect(left.some((line) => line.startsWith("10.9.200.3 "))).toBe(true);
  // What was learnt on the way is gone again.
  expect(left.length).toBeLessThan(10);
}, 120_000);

// One waiting time each would be ten minutes, ten times the test's limit.
test("two thousand addresses that do not answer are waited for together", async () => {
  const pairs: ProbePair[] = Array.from({ length: 2000 }, (_, i) => ({
    from: pods[i % PODS] as ProbeEnd,
    to: pods[(i + 1) % PODS] as ProbeEnd,
    address: parseIp(`10.9.${100 + (i % 20)}.${1 + Math.floor(i / 20)}`),
    expect: false,
  }));
  const { summary } = await runMatrix(pairs, { timeoutMs: 300 });
  expect(summary).toMatchObject({ pairs: 2000, ok: 2000 });
}, 60_000);

test("stops in the middle when told to", async () => {
  const stop = new AbortController();
  let sent = 0;
  let all = 0;
  const onProgress = (done: number, total: number): void => {
    sent = done;
    all = total;
    stop.abort(new Error("interrupted"));
  };
  const outcome = await runMatrix(fullMatrix(pods, []), { signal: stop.signal, onProgress }).catch(String);
  expect(outcome).toBe("Error: interrupted");
  expect(sent).toBeLessThan(all);
});
