import { existsSync } from "node:fs";
import { createNetns } from "../src/netns/index.ts";
import type { Benchmark } from "./_harness/benchmark.ts";
import { type Comparison, type Series, atMost, median, timesFaster } from "./_harness/measure.ts";
import {
  Calls,
  type Conf,
  type Suite,
  type Work,
  containerName,
  jobsInTurn,
  jobsTogether,
} from "./_harness/plugin-calls.ts";
import { empty, emptyAlike, must, netloom, referencePlugins } from "./_harness/programs.ts";
import { quiet } from "./_harness/quiet.ts";
import { type Command, type Sample, interleave, scratch } from "./_harness/spawn.ts";

const plugins = `${scratch}/plugins`;
const ours: Suite = { title: "netloom", folder: plugins, digit: 1, letter: "o" };

/** What is attached one after another, and how long ours may take beside the reference's. */
interface Row {
  readonly work: Work;
  readonly add?: number;
  readonly del?: number;
  /** Also a limit for processor time. */
  readonly cpu?: number;
}

const ipam = ({ digit }: Suite): Conf => ({ type: "host-local", ranges: [[{ subnet: `10.7${digit}.0.0/16` }]] });
const dual = ({ digit }: Suite): Conf => ({
  type: "host-local",
  ranges: [[{ subnet: `10.7${digit}.0.0/16` }], [{ subnet: `fd7${digit}::/64` }]],
});
const bridge = (suite: Suite, more: Conf = {}): Conf => ({
  type: "bridge",
  bridge: `bench-br-${suite.letter}`,
  isGateway: true,
  ipam: ipam(suite),
  ...more,
});
const portmap: Conf = { type: "portmap", capabilities: { portMappings: true } };
const bandwidth: Conf = {
  type: "bandwidth",
  ingressRate: 80_000_000,
  ingressBurst: 8_000_000,
  egressRate: 80_000_000,
  egressBurst: 8_000_000,
};
const tuning: Conf = { type: "tuning", sysctl: { "net.core.somaxconn": "500" }, mtu: 1400 };
const ports = ({ digit }: Suite, container: number): Conf => ({
  portMappings: [{ hostPort: digit * 10_000 + container, containerPort: 80, protocol: "tcp" }],
});

const plain: Work = { name: "bridge", chain: (suite) => [bridge(suite)] };
const masq: Work = { name: "bridge + ipMasq", chain: (suite) => [bridge(suite, { ipMasq: true })] };
const mapped: Work = {
  name: "bridge + ipMasq + portmap",
  chain: (suite) => [bridge(suite, { ipMasq: true }), portmap],
  runtimeConfig: ports,
};
const full: Work = {
  name: "bridge + ipMasq + portmap + bandwidth + tuning",
  chain: (suite) => [bridge(suite, { ipMasq: true }), portmap, bandwidth, tuning],
  runtimeConfig: ports,
};

const rows: readonly Row[] = [
  { work: plain, add: 0.8, del: 1 },
  { work: { name: "bridge, dual-stack", chain: (suite) => [bridge(suite, { ipam: dual(suite) })] }, add: 0.4 },
  { work: masq, add: 0.35, del: 0.4 },
  {
    work: {
      name: "bridge + ipMasq by nftables",
      chain: (suite) => [bridge(suite, { ipMasq: true, ipMasqBackend: "nftables" })],
    },
  },
  { work: mapped, add: 0.2, del: 0.2 },
  { work: full, add: 0.2, del: 0.2 },
  { work: { name: "ptp", chain: (suite) => [{ type: "ptp", ipam: ipam(suite) }] }, add: 0.7 },
  {
    work: { name: "macvlan", chain: (suite) => [{ type: "macvlan", master: "bench-wire", ipam: ipam(suite) }] },
    add: 0.7,
  },
  { work: { name: "loopback", chain: () => [{ type: "loopback" }], ifname: "lo" }, add: 1.8, cpu: 2 },
  {
    work: { name: "host-local alone", chain: (suite) => [{ type: "host-local", ipam: ipam(suite) }] },
    add: 1.8,
    cpu: 2,
  },
];

/** What eight runtimes do at once, and how many times the reference's throughput is asked. */
const crowds: readonly { readonly work: Work; readonly faster: number }[] = [
  { work: plain, faster: 1.3 },
  { work: masq, faster: 3 },
  { work: mapped, faster: 6 },
];

/** CNI plugins beside the reference's, called as runtimes call them. */
export const cni: Benchmark = {
  name: "cni",
  title: "CNI plugins",
  run: ({ quick }) => {
    if (referencePlugins === undefined) throw new Error("the reference plugins are not there; see test/peers/setup");
    const theirs: Suite = { title: "reference v1.9.1", folder: referencePlugins, digit: 2, letter: "g" };
    must(["mount", "-n", "-t", "tmpfs", "netloom-bench", "/var/lib"]); // reservations, as a rule on disk, for both alike
    must([netloom, "cni", "install", "--dir", plugins]);
    must(["ip", "link", "add", "bench-wire", "type", "veth", "peer", "name", "bench-wirep"]);
    must(["ip", "link", "set", "bench-wire", "up"]);
    must(["ip", "link", "set", "bench-wirep", "up"]);

    const notes: string[] = [];
    const possible = ({ name, chain }: Work): boolean => {
      const lacking = chain(ours).filter(({ type }) => !existsSync(`${plugins}/${String(type)}`));
      if (lacking.length > 0)
        notes.push(`${name}: left out, for netloom has no ${lacking.map(({ type }) => type).join(", ")}`);
      return lacking.length === 0;
    };

    const containers = quick ? 4 : 50;
    makeNamespaces(containers, [ours, theirs]);
    const sequential = rows
      .filter(({ work }) => possible(work))
      .map((row) => inTurn(row, theirs, containers, quick ? 1 : 2));
    const start = version(theirs, quick ? 10 : 300);
    const crowd = quick ? 16 : 400;
    makeNamespaces(crowd, [ours, theirs], containers);
    const parallel = crowds
      .filter(({ work }) => possible(work))
      .map(({ work, faster }) => together(work, faster, theirs, crowd, quick ? 1 : 3));

    const all = [...sequential, ...parallel, start];
    return {
      series: all.flatMap(({ series }) => series),
      comparisons: all.flatMap(({ comparisons }) => comparisons),
      notes: [
        `${2 * containers} namespaces for calls one after another, ${2 * crowd} for 8 at a time; IPAM is host-local; reservations on tmpfs`,
        `the reference plugins are those of test/peers/go.mod; ${must(["iptables", "--version"]).trim()}`,
        ...parallel.map(({ note }) => note),
        ...notes,
      ],
    };
  },
};

interface Measured {
  readonly series: readonly Series[];
  readonly comparisons: readonly Comparison[];
}

function makeNamespaces(count: number, suites: readonly Suite[], from = 0): void {
  const names = suites.flatMap((suite) =>
    Array.from({ length: Math.max(0, count - from) }, (_, at) => containerName(suite, from + at)),
  );
  createNetns(names.map((name) => ({ name, hostname: name })));
}

/** ADD and DEL of one suite and the other in turn, container by container; who begins alternates. */
function inTurn({ work, add, del, cpu }: Row, theirs: Suite, containers: number, rounds: number): Measured {
  const calls = [new Calls(ours, work), new Calls(theirs, work)] as const;
  const taken = { ADD: [[], []] as Sample[][], DEL: [[], []] as Sample[][] };
  for (let round = 0; round <= rounds; round++) {
    // The first round warms up: it makes the bridge and the tables, and fills the page cache.
    const count = round === 0 ? Math.min(3, containers) : containers;
    for (const command of ["ADD", "DEL"] as const) {
      quiet();
      const order = Array.from({ length: count }, (_, at) => (at % 2 === 0 ? [0, 1] : [1, 0])).map((pair, at) =>
        pair.map((which) => ({ which, job: jobOf(calls[which as 0 | 1], command, at) })),
      );
      const flat = order.flat();
      for (const [at, sample] of jobsInTurn(flat.map(({ job }) => job)).entries())
        if (round > 0) taken[command][flat[at]?.which ?? 0]?.push(sample);
    }
  }
  return compared(work.name, taken, theirs, { add, del, cpu });
}

function jobOf(calls: Calls, command: "ADD" | "DEL", container: number): readonly Command[] {
  return command === "ADD" ? calls.add(container) : calls.del(container);
}

function compared(
  name: string,
  taken: Readonly<Record<"ADD" | "DEL", readonly (readonly Sample[])[]>>,
  theirs: Suite,
  limits: { readonly add: number | undefined; readonly del: number | undefined; readonly cpu: number | undefined },
): Measured {
  const pair = (command: "ADD" | "DEL", what: string, of: (sample: Sample) => number): [Series, Series] => {
    const [own, other] = [ours, theirs].map((suite, at): Series => {
      const values = (taken[command][at] ?? []).map((sample) => of(sample) * 1000);
      return { label: `${suite.title}${what}`, unit: "ms", values };
    });
    if (own === undefined || other === undefined) throw new Error("a suite was not measured");
    return [own, other];
  };
  const commands = ["ADD", "DEL"] as const;
  const comparisons = commands.flatMap((command) => {
    const wall = pair(command, "", ({ seconds }) => seconds);
    const cpu = pair(command, ", CPU", ({ cpuSeconds }) => cpuSeconds);
    const limit = command === "ADD" ? limits.add : limits.del;
    return [
      atMost(`${name} ${command}`, ...wall, limit),
      atMost(`${name} ${command}, processor time`, ...cpu, command === "ADD" ? limits.cpu : undefined),
    ];
  });
  const series = commands.flatMap((command) => pair(command, `, ${name} ${command}`, ({ seconds }) => seconds));
  return { series, comparisons };
}

/** A chain of the reference's fails now and then when others run beside it: so often its crowd is repeated. */
const MOST_FAILURES = 3;

/** Many ADDs, eight at a time. */
function together(
  work: Work,
  faster: number,
  theirs: Suite,
  count: number,
  rounds: number,
): Measured & { readonly note: string } {
  const suites = [ours, theirs];
  const values = suites.map(() => [] as number[]);
  let failures = 0;
  for (let round = 0; round < rounds; round++) {
    for (const [at, suite] of suites.entries()) {
      const calls = new Calls(suite, work);
      const jobs = Array.from({ length: count }, (_, container) => calls.add(container));
      for (let left = suite === theirs ? MOST_FAILURES : 0; ; left--) {
        quiet();
        try {
          values[at]?.push(jobsTogether(8, jobs).seconds);
          break;
        } catch (error) {
          if (left === 0) throw error;
          failures++;
        } finally {
          clear(suite);
        }
      }
    }
  }
  const [own, other] = suites.map(({ title }, at): Series => ({ label: title, unit: "s", values: values[at] ?? [] }));
  if (own === undefined || other === undefined) throw new Error("a suite was not measured");
  const rate = ({ values: taken }: Series): string => (count / median(taken)).toFixed(0);
  const name = `${count} × ${work.name} ADD, 8 at a time`;
  return {
    series: [own, other].map((series) => ({ ...series, label: `${series.label}, ${name}` })),
    comparisons: [timesFaster(name, own, other, faster)],
    note: `${name}: ${rate(own)} per s, the reference ${rate(other)} per s${failures === 0 ? "" : `; it failed ${failures} times, which were repeated`}`,
  };
}

/** Takes away what a crowd has made, faster than by DEL: all veths at once, rules, reservations. */
function clear({ letter }: Suite): void {
  const ports = must(["ip", "-br", "link", "show", "master", `bench-br-${letter}`])
    .split("\n")
    .map((line) => line.split(/[@ ]/)[0] ?? "")
    .filter((name) => name !== "");
  for (const name of ports) must(["ip", "link", "set", "dev", name, "group", "7"]);
  if (ports.length > 0) must(["ip", "link", "del", "group", "7"]);
  must(["ip", "link", "del", `bench-br-${letter}`]);
  must(["nft", "flush", "ruleset"]);
  must(["rm", "-rf", `/var/lib/cni/networks/net-${letter}`]);
}

/** An executable under a plugin's name that is asked for its versions. */
function version(theirs: Suite, rounds: number): Measured {
  const asked = (folder: string): Command => ["-e", "CNI_COMMAND=VERSION", `${folder}/bridge`];
  const commands = {
    "netloom VERSION": asked(plugins),
    "empty Bun program": [empty],
    "empty, netloom's flags": [emptyAlike],
    "reference v1.9.1 VERSION": asked(theirs.folder),
  };
  interleave(3, Object.values(commands));
  const samples = interleave(rounds, Object.values(commands));
  const series = Object.keys(commands).map((label, at): Series => {
    return { label, unit: "ms", values: (samples[at] ?? []).map(({ seconds }) => seconds * 1000) };
  });
  const [own, bare, alike, other] = series;
  if (!own || !bare || !alike || !other) throw new Error("a command was not measured");
  return {
    series,
    comparisons: [atMost("VERSION", own, bare, 1.1), atMost("VERSION", own, alike), atMost("VERSION", own, other)],
  };
}
