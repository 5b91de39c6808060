import { expect, test } from "bun:test";
import fc from "fast-check";
import { type Facts, type Op, type Wish, diff, printOp } from "../../src/change/index.ts";
import type { Kernel } from "../../src/kernel/index.ts";
import { anyWish } from "./wish-arbitrary.ts";
import { bridge, ifname, ip, link, mac, prefix, route, veth, vxlan, wishOf } from "./wishes.ts";

const forwarding = "net.ipv4.ip_forward";

/** Something of everything that this machine's kernel has. */
const everything: Wish = wishOf(
  {
    name: "n0",
    sysctls: { [forwarding]: "1" },
    links: [
      link(
        bridge("b0", {
          data: { stpState: 0, ageingTime: 5000, mcastSnooping: false, priority: 4096 },
          altNames: ["a-very-long-bridge-name"],
          alias: "it's mine; really",
          addrGenMode: "none",
          mtu: 1400,
        }),
        "10.0.0.1/24",
        "fd00::1/64",
      ),
      link(
        veth("v0", "n1/eth0", {
          master: ifname("b0"),
          port: {
            isolated: true,
            hairpin: true,
            learning: false,
            bpduGuard: true,
            fastLeave: true,
            neighSuppress: true,
          },
        }),
      ),
      link({ name: ifname("mv"), kind: "macvlan", lower: ifname("b0"), data: { mode: "bridge", bcQueueLen: 500 } }),
      link(
        vxlan("x6", 9, {
          lower: ifname("b0"),
          data: {
            id: 9,
            port: 4790,
            local6: ip("fd00::1"),
            ttl: 64,
            tos: 4,
            learning: false,
            udpZeroCsum6Tx: true,
            udpZeroCsum6Rx: true,
            df: "set",
            label: 5,
            portRange: [1000, 2000],
            ageing: 100,
            limit: 10,
            proxy: true,
            l2miss: true,
            gbp: true,
          },
        }),
      ),
      link(vxlan("xe", 0, { data: { collectMetadata: true, port: 4791, learning: false } })),
    ],
    routes: [
      route("10.9.0.0/16 via 10.0.0.9"),
      { ...route("10.10.0.0/16 via 10.0.0.9"), mtu: 1200 },
      route("blackhole 10.11.0.0/16"),
      route("blackhole fd11::/16"),
      route("fd12::/64 via fd00::9 metric 5"),
      route("default via 192.0.2.9 dev b0 onlink"),
      {
        dst: prefix("10.13.0.0/16"),
        multipath: [
          { via: ip("10.0.0.7"), weight: 2 },
          { via: ip("10.0.0.8"), dev: ifname("b0") },
        ],
      },
      { dst: prefix("10.15.0.0/16"), via: ip("10.0.0.9"), encap: { type: "ip", dst: ip("10.0.0.3"), id: 7n } },
      { dst: prefix("fd15::/64"), via: ip("fd00::9"), encap: { type: "ip6", dst: ip("fd00::3"), id: 7n, ttl: 9 } },
    ],
    rules: [
      { family: 4, priority: 10, table: 100, from: prefix("10.0.0.0/8"), iif: ifname("b0"), mark: 3 },
      { family: 6, priority: 11, table: 100, to: prefix("fd00::/8") },
    ],
    neighs: [{ dev: ifname("b0"), ip: ip("fd00::77"), mac: mac("02:00:00:00:00:77") }],
    fdb: [
      { dev: ifname("x6"), mac: mac("02:00:00:00:00:78"), dst: ip("fd00::78") },
      { dev: ifname("x6"), mac: mac("02:00:00:00:00:79"), dst: ip("fe80::79"), via: ifname("b0") },
      { dev: ifname("x6"), mac: mac("00:00:00:00:00:00"), dst: ip("fd00::79") },
      { dev: ifname("x6"), mac: mac("00:00:00:00:00:00"), dst: ip("fd00::80") },
    ],
  },
  {
    name: "n1",
    links: [
      {
        ...link(
          veth("eth0", "n0/v0", { addrGenMode: "none", alias: "x y", altNames: ["pod-long-name-eth0"] }),
          "10.0.0.2/24",
        ),
        qdisc: { kind: "tbf", rate: 125_000, burst: 10_000, latency: 50_000 },
      },
    ],
  },
);

/**
 * The witness for `printOp`: what it prints is run by the machine's `ip`, `bridge`, `tc` and `sysctl` in place of our kernel,
 * and then nothing is left to do. Needs iproute2, root and namespaces of its own (`n0` … are made and deleted).
 */
export function printedContract(makeKernel: () => Kernel): void {
  const wishes = [everything, ...fc.sample(anyWish, { numRuns: 8, seed: 1 })];
  test.each(wishes.map((wish, i) => [i, wish] as const))("iproute2 runs what is printed (%d)", async (_, wish) => {
    const facts = (): Facts => {
      using kernel = makeKernel();
      return kernel.facts({ namespaces: kernel.namespaces(), sysctls: () => [forwarding] });
    };
    for (const op of diff(wish, facts())) shell(op);
    expect(diff(wish, facts()).map(printOp)).toEqual([]);
    for (const op of diff(wishOf(), facts())) shell(op);
    using kernel = makeKernel();
    await kernel.settle();
    expect(kernel.namespaces()).toEqual([]);
  });
}

function shell(op: Op): void {
  // The tag and loopback's state are the comment's part of the line.
  const rest = op.do === "netns.create" ? `\nip -n ${op.netns} link set dev lo alias ${op.owner} up` : "";
  const { exitCode, stderr } = Bun.spawnSync(["sh", "-c", `${printOp(op)}${rest}`]);
  expect({ line: printOp(op), exitCode, stderr: stderr.toString() }).toEqual({
    line: printOp(op),
    exitCode: 0,
    stderr: "",
  });
}
