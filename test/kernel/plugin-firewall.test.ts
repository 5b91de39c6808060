import { expect, test } from "bun:test";
import { call, sh } from "./chained-call.ts";
import { eventually } from "../eventually.ts";

/** Two bridges, with two containers behind the first and one behind the second. */
sh(`
  ip link set lo up; sysctl -qw net.ipv4.ip_forward=1
  for b in 1 2; do ip link add br$b type bridge; ip link set br$b up; ip addr add 10.9.$b.1/24 dev br$b; done
  add() { ip netns add $1; ip link add v-$1 type veth peer name eth0 netns $1; ip link set v-$1 master br$2 up
    ip -n $1 link set lo up; ip -n $1 addr add 10.9.$2.$3/24 dev eth0; ip -n $1 link set eth0 up; ip -n $1 route add default via 10.9.$2.1; }
  add a 1 2; add b 1 3; add c 2 2
`);
const bridges: Readonly<Record<string, readonly [number, number]>> = { a: [1, 2], b: [1, 3], c: [2, 2] };
const prev = (pod: string) => {
  const [bridge, last] = bridges[pod] as readonly [number, number];
  return {
    cniVersion: "1.0.0",
    interfaces: [{ name: `br${bridge}` }, { name: `v-${pod}` }, { name: "eth0", sandbox: `/run/netns/${pod}` }],
    ips: [{ address: `10.9.${bridge}.${last}/24`, interface: 2 }],
  };
};
const ask = (from: string, to: string) =>
  Bun.spawnSync(["ip", "netns", "exec", from, "ping", "-c", "1", "-W", "1", to]).success;
/** Ports of a bridge need a moment to forward. */
await eventually("pods of both bridges answer", () => ask("a", "10.9.1.3") && ask("a", "10.9.2.2"));
const at = (pod: string) => ({ pod, container: pod });
const add = (pod: string, conf = {}) => call("firewall", "ADD", at(pod), { prevResult: prev(pod), ...conf });
const del = (pod: string, conf = {}) => call("firewall", "DEL", at(pod), { prevResult: prev(pod), ...conf });
const has = Bun.which("nft") !== null && Bun.which("iptables") !== null;
const needs = has ? "" : " (needs the programs nft and iptables)";

test.skipIf(!has)(`firewall: policies keep bridges apart, and containers of an isolated one${needs}`, async () => {
  const policy = { backend: "nftables", ingressPolicy: "same-bridge" };
  expect([ask("a", "10.9.1.3"), ask("a", "10.9.2.2")]).toEqual([true, true]);
  expect(await add("a", policy)).toMatchObject({ exit: 0, log: [] });
  expect(ask("a", "10.9.2.2")).toBe(true);
  for (const pod of ["b", "c"]) expect(await add(pod, policy)).toMatchObject({ exit: 0, log: [] });
  expect([ask("a", "10.9.1.3"), ask("a", "10.9.2.2"), ask("c", "10.9.1.2")]).toEqual([true, false, false]);
  for (const pod of ["a", "b"]) {
    expect(await add(pod, { ...policy, ingressPolicy: "isolated" })).toMatchObject({ exit: 0, log: [] });
  }
  expect([ask("a", "10.9.1.3"), ask("a", "10.9.1.1")]).toEqual([false, true]);
  expect(sh("nft list table inet netloom_firewall")).toContain('iifname != "br1" ip saddr @policed4 drop');
  const check = { prevResult: prev("a"), ...policy, ingressPolicy: "isolated" };
  expect(await call("firewall", "CHECK", at("a"), check)).toMatchObject({ exit: 0 });
  sh("nft flush chain inet netloom_firewall to/net1/eth0/a");
  expect((await call("firewall", "CHECK", at("a"), check)).out).toMatchObject({ code: 105 });
  for (const pod of ["a", "b", "c"]) {
    expect((await call("firewall", "DEL", { ...at(pod), pod: "" }, {})).exit).toBe(0);
    expect((await del(pod, { ingressPolicy: "isolated" })).exit).toBe(0);
  }
  expect([ask("a", "10.9.2.2"), ask("a", "10.9.1.3")]).toEqual([true, true]);
  expect(sh("nft list tables")).not.toContain("netloom");
});

test.skipIf(!has)(`firewall: where iptables drops what is forwarded, it is told${needs}`, async () => {
  sh("iptables -P FORWARD DROP");
  expect(ask("a", "10.9.2.2")).toBe(false);
  expect(await add("a")).toMatchObject({ exit: 0, log: [] });
  expect(ask("a", "10.9.2.2")).toBe(true);
  expect(ask("c", "10.9.1.3")).toBe(false);
  expect(await call("firewall", "CHECK", at("a"), { prevResult: prev("a") })).toMatchObject({ exit: 0 });
  sh("iptables -D FORWARD 1");
  expect((await call("firewall", "CHECK", at("a"), { prevResult: prev("a") })).out).toMatchObject({
    code: 105,
    msg: expect.stringContaining("-A FORWARD … -j CNI-FORWARD") as string,
  });
  // By identity: neither the result nor the container are told.
  for (let i = 0; i < 2; i++) expect((await call("firewall", "DEL", { ...at("a"), pod: "" }, {})).exit).toBe(0);
  expect(sh("iptables -S CNI-FORWARD")).not.toContain("10.9.1.2");
  sh("iptables -P FORWARD ACCEPT");
});

test.skipIf(!has)(`firewall: policies through iptables${needs}`, async () => {
  const policy = { backend: "iptables", ingressPolicy: "same-bridge" };
  for (const pod of ["a", "c"]) expect(await add(pod, policy)).toMatchObject({ exit: 0, log: [] });
  expect([ask("a", "10.9.2.2"), ask("a", "10.9.1.3")]).toEqual([false, true]);
  expect(await call("firewall", "CHECK", at("c"), { prevResult: prev("c"), ...policy })).toMatchObject({ exit: 0 });
  const chains = sh("iptables -S").split("\n");
  expect(chains.filter((line) => line.startsWith("-A FORWARD"))).toEqual([
    '-A FORWARD -m comment --comment "CNI firewall plugin rules (ingressPolicy: same-bridge|isolated)" -j CNI-ISOLATION-STAGE-1',
    '-A FORWARD -m comment --comment "CNI firewall plugin rules" -j CNI-FORWARD',
  ]);
  const gc = { "cni.dev/valid-attachments": [{ containerID: "c", ifname: "eth0" }] };
  expect((await call("firewall", "GC", { pod: "" }, gc)).exit).toBe(0);
  expect(sh("iptables -S CNI-FORWARD").match(/netloom .*?"/g)).toEqual([
    'netloom net1/eth0/c"',
    'netloom net1/eth0/c"',
  ]);
  for (const pod of ["a", "c"]) expect((await del(pod, policy)).exit).toBe(0);
  expect(
    sh("iptables -S CNI-FORWARD")
      .split("\n")
      .filter((line) => line.includes("10.9")),
  ).toEqual([]);
});

test.skipIf(!has)(`firewall: DEL takes away what the reference made${needs}`, async () => {
  sh(`iptables -A CNI-FORWARD -d 10.9.1.2/32 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      iptables -A CNI-FORWARD -s 10.9.1.2/32 -j ACCEPT; iptables -A CNI-FORWARD -s 10.9.1.20/32 -j ACCEPT`);
  // The result is missing, but the interface is there.
  expect((await call("firewall", "DEL", at("a"), {})).exit).toBe(0);
  const left = sh("iptables -S CNI-FORWARD")
    .split("\n")
    .filter((line) => line.includes("10.9"));
  expect(left).toEqual(["-A CNI-FORWARD -s 10.9.1.20/32 -j ACCEPT"]);
});
