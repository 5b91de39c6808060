import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync, readdirSync } from "node:fs";
import { type ProbeEnd, type ProbePair, fullMatrix, runMatrix } from "../../src/probe/index.ts";
import { parseIp } from "../../src/values/index.ts";
import { ProbeLab, ask, ip, ipJson, sysctl } from "./probe-lab.ts";

let lab: ProbeLab;
let a: ProbeEnd;
let b: ProbeEnd;
let c: ProbeEnd;
let node: ProbeEnd;
const B = "10.9.0.2";
const B6 = "fd09::2";

beforeAll(async () => {
  lab = new ProbeLab();
  lab.bridge("sw");
  const pods = ["a", "b", "c"].map((name, i) => ({
    name,
    on: "sw",
    addrs: [`10.9.0.${i + 1}/24`, `fd09::${i + 1}/64`],
  }));
  [a, b, c] = lab.pods(pods) as [ProbeEnd, ProbeEnd, ProbeEnd];
  lab.netns("node");
  lab.plug("node", "eth0", "sw");
  ip("node", "addr add 10.9.0.100/24 dev eth0\naddr add fd09::64/64 dev eth0 nodad");
  node = lab.end("node", ["10.9.0.100", "fd09::64"]);
  await lab.ready();
  // The first namespace that is entered leaves the way home open, once for the whole process.
  await runMatrix(fullMatrix([a, b], []));
});
afterAll(() => lab[Symbol.dispose]());

const openFiles = (): number => readdirSync("/proc/self/fd").length;

/** How many echo requests a namespace has heard, answered or not. */
function echoRequests(netns: string): number {
  const text = Bun.spawnSync(["ip", "netns", "exec", netns, "cat", "/proc/net/snmp"]).stdout.toString();
  const [names = [], values = []] = [...text.matchAll(/^Icmp: (.*)$/gm)].map(([, line = ""]) => line.split(" "));
  return Number(values[names.indexOf("InEchos")]);
}

test("every pod reaches every other one, and the node all of them, in both families", async () => {
  const before = openFiles();
  const result = await runMatrix(fullMatrix([a, b, c], [node]), { timeoutMs: 10_000 });
  expect(openFiles()).toBe(before);
  expect(result.summary).toMatchObject({ pairs: 18, ok: 18, failed: 0, loss: 0 });
  expect(result.pairs.every(({ rtt }) => rtt !== undefined && rtt.min > 0 && rtt.max < 1e7)).toBe(true);
  expect(result.summary.rtt4).toBeDefined();
  expect(result.summary.rtt6).toBeDefined();
  expect(JSON.parse(JSON.stringify(result))).toEqual(result);
});

test("counts every request of a pair", async () => {
  const result = await ask(a, b, B, { count: 5 });
  expect(result).toMatchObject({ sent: 5, received: 5, loss: 0, reached: true, ok: true });
});

test("keeps the interval between two requests to an address", async () => {
  const start = performance.now();
  expect(await ask(a, b, B, { count: 3, intervalMs: 40 })).toMatchObject({ received: 3 });
  expect(performance.now() - start).toBeGreaterThan(80);
});

// One after the other they would take longer than the test's limit.
test("pairs that do not answer share one waiting time", async () => {
  const pairs: ProbePair[] = Array.from({ length: 40 }, (_, i) => ({
    from: i % 2 === 0 ? a : c,
    to: b,
    address: parseIp(`10.9.0.${150 + i}`),
    expect: false,
  }));
  const { summary } = await runMatrix(pairs, { timeoutMs: 1000 });
  expect(summary).toMatchObject({ pairs: 40, ok: 40, failed: 0, loss: 0 });
}, 30_000);

test("a pair that must not reach and does is a failure", async () => {
  expect(await ask(a, b, B, { expect: false })).toMatchObject({ reached: true, ok: false, loss: 0 });
});

test("asks again when told to", async () => {
  sysctl("b", "net.ipv4.icmp_echo_ignore_all=1");
  const failing = ask(a, b, B, { retries: 2, timeoutMs: 50, explain: false });
  expect(await failing).toMatchObject({ sent: 3, received: 0, reached: false });
  const heard = echoRequests("b");
  // It answers from the second request of these on at the earliest.
  const healing = setInterval(() => {
    if (echoRequests("b") - heard >= 2) sysctl("b", "net.ipv4.icmp_echo_ignore_all=0");
  }, 20);
  const healed = await ask(a, b, B, { retries: 200, timeoutMs: 100 });
  clearInterval(healing);
  expect(healed.reached).toBe(true);
  expect(healed.sent).toBeGreaterThan(2);
});

test("a search for a neighbour that began before is begun anew", async () => {
  const states = () => ipJson("a", "neigh", "show", B, "dev", "eth0").flatMap(({ state }) => state);
  sysctl("a", "net.ipv4.neigh.eth0.retrans_time_ms=60000"); // Nobody is asked a second time meanwhile.
  ip("a", `neigh flush dev eth0`);
  ip("b", "link set eth0 arp off");
  await ask(a, b, B, { timeoutMs: 50, explain: false });
  expect(states()).toEqual(["INCOMPLETE"]);
  ip("b", "link set eth0 arp on");
  expect(await ask(a, b, B)).toMatchObject({ ok: true });
  sysctl("a", "net.ipv4.neigh.eth0.retrans_time_ms=1000");
});

test("sends packets of the size asked for, whole", async () => {
  expect(await ask(a, b, B, { size: 1500 })).toMatchObject({ ok: true });
  expect(await ask(a, b, B6, { size: 1500 })).toMatchObject({ ok: true });
  expect(await ask(a, b, B, { size: 1501 })).toMatchObject({ ok: false, refusal: "EMSGSIZE" });
  expect(await ask(a, b, B6, { size: 1501 })).toMatchObject({ ok: false, refusal: "EMSGSIZE" });
  expect(ask(a, b, B6, { size: 59 })).rejects.toThrow("an IPv6 packet of 59 bytes cannot carry a probe");
});

/** tcpdump gives up its groups, which a user namespace may forbid (user_namespaces(7)). */
const canCapture = Bun.which("tcpdump") !== null && readFileSync("/proc/self/setgroups", "utf8").trim() === "allow";

test.skipIf(!canCapture)(
  "what the wire shows is an echo request with DF, of that size, and a right checksum",
  async () => {
    const tcpdump = ["tcpdump", "-nvv", "-c2", "--immediate-mode", "-Z", "root", "-i", "eth0"];
    // Other tests' packets are smaller; one that comes late is none of ours.
    const dump = Bun.spawn(["ip", "netns", "exec", "b", ...tcpdump, "icmp and greater 500"], {
      stdout: "pipe",
      stderr: "pipe",
    });
    const stderr = dump.stderr.getReader();
    for (let said = ""; !said.includes("listening on");) {
      const { done, value } = await stderr.read();
      if (done) throw new Error(`tcpdump: ${said}`);
      said += new TextDecoder().decode(value);
    }
    await ask(a, b, B, { size: 777 });
    const text = await new Response(dump.stdout).text();
    await dump.exited;
    expect(text).toContain("flags [DF], proto ICMP (1), length 777");
    expect(text).toMatch(/10\.9\.0\.1 > 10\.9\.0\.2: ICMP echo request, id \d+, seq 0, length 757/);
    expect(text).not.toContain("wrong icmp cksum");
  },
);

test("leaves the neighbours of a small lab alone", async () => {
  ip("a", "neigh replace 10.9.0.77 dev eth0 lladdr 02:00:00:00:00:77 nud stale");
  await runMatrix(fullMatrix([a, b, c], [node]), { timeoutMs: 10_000 });
  const known = ipJson("a", "neigh", "show", "dev", "eth0").map(({ dst }) => dst);
  expect(known).toContain("10.9.0.77");
  expect(known).toContain(B);
});

test("stops when told to, and leaves nothing open", async () => {
  const before = openFiles();
  const pairs = [{ from: a, to: b, address: parseIp("10.9.0.200"), expect: true }];
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("interrupted")), 50);
  // Without the signal the test's own limit would end it.
  const outcome = await runMatrix(pairs, { timeoutMs: 600_000, signal: stop.signal }).catch(String);
  expect(outcome).toBe("Error: interrupted");
  expect(openFiles()).toBeLessThanOrEqual(before);
});

test("tells how far it is", async () => {
  const seen: string[] = [];
  await runMatrix(fullMatrix([a, b], []), { onProgress: (done, total) => void seen.push(`${done}/${total}`) });
  expect(seen.at(-1)).toBe("4/4");
});
