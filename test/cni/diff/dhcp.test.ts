/** Plugin dhcp with its daemon, and the reference's with its own: what they answer, and what one server remembers of each. */
import { test } from "bun:test";
import { againstReference } from "../against.ts";
import type { Case, CallStep, Conf, Step } from "../case.ts";
import { pluginPath } from "../caller.ts";

const dhcp = (more: Conf = {}): readonly Conf[] => [{ type: "dhcp", ipam: { type: "dhcp", ...more } }];
const add: CallStep = { call: "ADD" };
const check: CallStep = { call: "CHECK" };
const del: CallStep = { call: "DEL" };

/** The server's bridge, and a container on it; without IPv6, whose addresses need seconds. What is in /var/lib is not compared. */
const wire = `for n in /proc/self/ns/net /run/netns/a; do
  nsenter --net=$n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; done
ip link add br0 type bridge; ip link set br0 up; ip addr add 10.99.0.1/24 dev br0`;
const pod = `ip link add port type veth peer name eth0 netns a; ip link set port master br0 up; ip -n a link set eth0 up`;
const serve = (more = ""): string => `dnsmasq --keep-in-foreground --user=root --port=0 --conf-file=/dev/null \
--interface=br0 --bind-interfaces --no-ping --dhcp-sequential-ip --dhcp-range=10.99.0.50,10.99.0.60,1h ${more} \
--pid-file=/var/lib/server.pid --dhcp-leasefile=/var/lib/leases </dev/null >/dev/null 2>&1 &
for i in $(seq 100); do [ -e /var/lib/server.pid ] && break; sleep .05; done`;
const keep = (
  more = "",
): string => `${pluginPath}/dhcp daemon ${more} </dev/null >/dev/null 2>&1 & echo $! >/var/lib/keeper.pid
for i in $(seq 100); do [ -S /run/cni/dhcp.sock ] || [ -S /run/other.sock ] && break; sleep .05; done`;
const end: Step = { sh: "for f in /var/lib/*.pid; do kill $(cat $f); done" };

/** What the server remembers, but for times: the address, the client's name and its identifier. */
const remembered = (what: "lease" | "no lease"): Step => ({
  sh: `for i in $(seq 40); do ${what === "lease" ? "" : "! "}grep -q 10.99.0 /var/lib/leases && break; sleep .05; done
cut -d' ' -f3- /var/lib/leases >/run/leases`,
});
const life: readonly Step[] = [add, remembered("lease"), check, del, remembered("no lease"), del, end];
const before = [wire, pod, serve(), keep()];

const cases: readonly Case[] = [
  { name: "plain", chain: dhcp(), before, steps: life },
  { name: "result of 1.1.0", version: "1.1.0", chain: dhcp(), before, steps: [add, { call: "STATUS" }, del, end] },
  { name: "result of 0.2.0", version: "0.2.0", chain: dhcp(), before, steps: [add, del, end] },
  {
    name: "classless routes, a metric",
    chain: dhcp({ request: [{ option: "121" }], priority: 50 }),
    before: [wire, pod, serve("--dhcp-option=121,192.0.2.0/24,10.99.0.9,10.77.0.0/16,0.0.0.0"), keep()],
    steps: [add, del, end],
  },
  {
    name: "classful routes",
    chain: dhcp({ request: [{ option: "33" }] }),
    before: [wire, pod, serve("--dhcp-option=33,192.0.2.0,10.99.0.9,172.16.0.0,10.99.0.8"), keep()],
    steps: [add, del, end],
  },
  {
    name: "what is told to the server",
    chain: dhcp({ provide: [{ option: "host-name", value: "hello" }] }),
    before,
    steps: [add, remembered("lease"), check, del, end],
  },
  {
    name: "what CNI_ARGS tell",
    chain: dhcp({ provide: [{ option: "12", fromArg: "K8S_POD_NAME" }] }),
    before,
    steps: [{ ...add, args: "IgnoreUnknown=1;K8S_POD_NAME=web" }, remembered("lease"), del, end],
  },
  {
    name: "a server without a router",
    chain: dhcp(),
    before: [wire, pod, serve("--dhcp-option=3"), keep()],
    steps: [add, del, end],
  },
  {
    name: "an interface that is down",
    chain: dhcp(),
    before: [wire, pod, "ip -n a link set eth0 down", serve(), keep("-timeout 1s")],
    steps: [add, del, end],
  },
  {
    name: "behind a bridge",
    under: ["dhcp"],
    chain: [{ type: "bridge", bridge: "br0", ipam: { type: "dhcp" } }],
    before: [wire, serve(), keep("-timeout 1s")],
    steps: [add, remembered("lease"), check, del, end],
  },
  {
    name: "another socket",
    chain: dhcp({ daemonSocketPath: "/run/other.sock" }),
    before: [wire, pod, serve(), keep("-socketpath /run/other.sock")],
    steps: [add, del, end],
  },
  {
    name: "no server",
    chain: dhcp(),
    before: [wire, pod, keep("-timeout 1s -resendtimeout 2s")],
    steps: [add, del, end],
  },
  { name: "no daemon", version: "1.1.0", chain: dhcp(), steps: [add, { call: "STATUS" }, del] },
  {
    name: "no interface",
    chain: dhcp(),
    before: [wire, keep("-timeout 1s -resendtimeout 2s")],
    steps: [add, del, end],
  },
  {
    name: "DEL before ADD, everywhere",
    chain: dhcp(),
    before,
    steps: [del, { ...del, netns: "" }, { ...del, netns: "gone" }, end],
  },
  {
    name: "faults",
    chain: dhcp(),
    before,
    steps: [
      { ...add, chain: dhcp({ provide: [{ option: "nonsense", value: "x" }] }) },
      { ...add, chain: dhcp({ request: [{ option: "nonsense" }] }) },
      { ...add, chain: dhcp({ provide: [{ option: "12" }] }) },
      { ...add, chain: dhcp({ provide: [{ option: "12", fromArg: "NOBODY" }] }) },
      end,
    ],
  },
];

if (Bun.which("dnsmasq", { PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` }) === null)
  test.skip("dhcp beside the reference's (needs Debian's dnsmasq-base)", () => {});
else await againstReference("dhcp", cases);
