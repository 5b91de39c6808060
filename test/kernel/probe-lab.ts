/** A small network made by `ip` for the tests of src/probe: pods on bridges, and routers between them. */
import type { ProbeEnd, ProbeOptions, ProbePair, MatrixResult, PairResult } from "../../src/probe/index.ts";
import { runMatrix } from "../../src/probe/index.ts";
import { type Fd, openFile } from "../../src/sys/index.ts";
import { type Ip, parseIfName, parseIp } from "../../src/values/index.ts";
import { eventually } from "../eventually.ts";

/** Runs `ip` commands, one a line, in a namespace (or, for `""`, in ours); `options` such as `-6` hold for all. */
export function ip(netns: string, commands: string, ...options: readonly string[]): void {
  const batch = new TextEncoder().encode(`${commands.trim()}\n`);
  const place = netns === "" ? [] : ["-n", netns];
  const done = Bun.spawnSync(["ip", ...place, ...options, "-batch", "-"], { stdin: batch, stderr: "pipe" });
  if (!done.success) throw new Error(`ip in ${netns}: ${done.stderr.toString()}`);
}

/** Writes sysctls in a namespace. */
export function sysctl(netns: string, ...settings: readonly string[]): void {
  const done = Bun.spawnSync(["ip", "netns", "exec", netns, "sysctl", "-qw", ...settings], { stderr: "pipe" });
  if (!done.success) throw new Error(done.stderr.toString());
}

/** What `ip -j` says. */
export function ipJson(netns: string, ...command: readonly string[]): readonly Record<string, unknown>[] {
  const done = Bun.spawnSync(["ip", "-n", netns, "-j", ...command], { stderr: "pipe" });
  if (!done.success) throw new Error(done.stderr.toString());
  return JSON.parse(done.stdout.toString() || "[]") as readonly Record<string, unknown>[];
}

/** A pod of a lab: on the bridge `on`, with these addresses, and these as default gateways. */
export interface PodWish {
  readonly name: string;
  readonly on: string;
  readonly addrs: readonly string[];
  readonly via?: readonly string[];
}

/** Namespaces of one test; all of them go with it. */
export class ProbeLab implements Disposable {
  readonly #names: string[] = [];
  readonly #fds: Fd[] = [];
  #ports = 0;

  netns(name: string): void {
    ip("", `netns add ${name}`);
    // Link-local addresses at once: routers ask for neighbours from theirs.
    sysctl(name, "net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.default.dad_transmits=0");
    ip(name, "link set lo up");
    this.#names.push(name);
  }

  /** A namespace that is a switch: its ports are of one bridge, `br0`. */
  bridge(name: string): void {
    this.netns(name);
    ip(name, "link add br0 type bridge\nlink set br0 up");
  }

  /** A cable from `dev` of a namespace to a port of a bridge. */
  plug(netns: string, dev: string, bridge: string): void {
    const port = `p${this.#ports++}`;
    ip(bridge, `link add ${port} type veth peer name ${dev} netns ${netns}\nlink set ${port} master br0 up`);
    ip(netns, `link set ${dev} up`);
  }

  pods(wishes: readonly PodWish[]): ProbeEnd[] {
    return wishes.map(({ name, on, addrs, via = [] }) => {
      this.netns(name);
      this.plug(name, "eth0", on);
      ip(name, [...addrs.map(addAddr), ...via.map((gateway) => `route add default via ${gateway}`)].join("\n"));
      return this.end(name, addrs, "eth0");
    });
  }

  /** Many pods `p1`, `p2`, … on one bridge, with few processes; `addrs` are those of pod n. */
  podsInBulk(bridge: string, count: number, addrs: (n: number) => readonly string[]): ProbeEnd[] {
    const numbers = Array.from({ length: count }, (_, i) => i + 1);
    ip("", numbers.map((n) => `netns add p${n}`).join("\n"));
    this.#names.push(...numbers.map((n) => `p${n}`));
    ip(bridge, numbers.map((n) => `link add v${n} type veth peer name eth0 netns p${n}`).join("\n"));
    ip(bridge, numbers.map((n) => `link set v${n} master br0 up`).join("\n"));
    return numbers.map((n) => {
      ip(`p${n}`, ["link set lo up", "link set eth0 up", ...addrs(n).map(addAddr)].join("\n"));
      return this.end(`p${n}`, addrs(n), "eth0");
    });
  }

  /** An end in a namespace of the lab; `addrs` with or without prefix length. */
  end(name: string, addrs: readonly string[], dev?: string): ProbeEnd {
    const netns = openFile(`/run/netns/${name}`);
    this.#fds.push(netns);
    const ips = addrs.map((text): Ip => parseIp(text.split("/")[0] ?? ""));
    return { name, netns, addrs: ips, ...(dev === undefined ? {} : { dev: parseIfName(dev) }) };
  }

  /**
   * Waits until every link works and the switches pass on frames: both happen by and by after a link came up
   * (net/core/link_watch.c), and until then packets are dropped in silence.
   */
  async ready(): Promise<void> {
    const down = (name: string): boolean =>
      ipJson(name, "link").some(({ ifname, operstate }) => /^(eth|p|v)\d/.test(String(ifname)) && operstate !== "UP");
    const blocked = (name: string): boolean => {
      const ports = Bun.spawnSync(["bridge", "-n", name, "-j", "link"]).stdout.toString();
      return (JSON.parse(ports || "[]") as { state: string }[]).some(({ state }) => state !== "forwarding");
    };
    // An address answers when its route is in the local table, also without duplicate address detection.
    const deaf = (name: string): boolean => {
      const routes = ipJson(name, "-6", "route", "show", "table", "local", "type", "local").map(({ dst }) => dst);
      const addrs = ipJson(name, "-6", "addr", "show", "up").flatMap(
        (link) => (link["addr_info"] ?? []) as readonly Record<string, unknown>[],
      );
      return addrs.some(({ local, tentative, dadfailed }) =>
        dadfailed === true ? false : tentative === true || !routes.includes(local),
      );
    };
    for (const name of this.#names) {
      await eventually(`${name} works`, () => !down(name) && !blocked(name) && !deaf(name));
    }
  }

  [Symbol.dispose](): void {
    for (const fd of this.#fds) fd.close();
    if (this.#names.length > 0) ip("", this.#names.map((name) => `netns del ${name}`).join("\n"));
  }
}

/** `addr add` for eth0, without waiting for duplicate address detection. */
export function addAddr(prefix: string): string {
  return `addr add ${prefix} dev eth0${prefix.includes(":") ? " nodad" : ""}`;
}

/** For questions that shall be answered, by whatever: the answer ends the wait. */
const PATIENCE_MS = 10_000;
/** For questions to which nobody will answer: they take as long as this. */
export const inVain = { timeoutMs: 150 } as const;

/** The result of one question. */
export async function ask(
  from: ProbeEnd,
  to: ProbeEnd,
  address: string,
  options: ProbeOptions & { readonly expect?: boolean; readonly others?: readonly ProbePair[] } = {},
): Promise<PairResult> {
  const { expect = true, others = [], ...rest } = options;
  const pair: ProbePair = { from, to, address: parseIp(address), expect };
  const result: MatrixResult = await runMatrix([pair, ...others], { timeoutMs: PATIENCE_MS, ...rest });
  return result.pairs[0] as PairResult;
}
