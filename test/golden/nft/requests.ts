import type { Request } from "../../../src/netlink/index.ts";
import {
  type Rule,
  type SetSpec,
  type TableFamily,
  accept,
  addChain,
  addElements,
  addRule,
  addSet,
  addTable,
  back,
  copyMark,
  count,
  delChain,
  delElements,
  delTable,
  dnat,
  dnatBy,
  drop,
  flushChain,
  goTo,
  hasAny,
  hasBits,
  is,
  isIn,
  isNot,
  isNotIn,
  jump,
  masquerade,
  reject,
  rule,
  setMark,
  snat,
  vmap,
} from "../../../src/nft/index.ts";

/** The rules of `rule.json`, by what stands behind `add rule`. */
export const rules: Readonly<Record<string, Rule>> = {
  'inet t c ip saddr 10.8.0.4 ip daddr != 10.8.0.0/24 masquerade comment "netloom n1/eth0/m1"': rule(
    [is("ip saddr", "10.8.0.4"), isNot("ip daddr", "10.8.0.0/24"), masquerade],
    "netloom n1/eth0/m1",
  ),
  "inet t c ip6 saddr fd08::3 ip6 daddr != fd08::/64 counter masquerade": rule([
    is("ip6 saddr", "fd08::3"),
    isNot("ip6 daddr", "fd08::/64"),
    count,
    masquerade,
  ]),
  "inet t c ip daddr 224.0.0.0/4 return": rule([is("ip daddr", "224.0.0.0/4"), back]),
  "inet t c ip6 daddr ff00::/8 return": rule([is("ip6 daddr", "ff00::/8"), back]),
  "inet t c ip daddr != 0.0.0.0/0 drop": rule([isNot("ip daddr", "0.0.0.0/0"), drop]),
  "ip t c ip saddr 0.0.0.0/0 accept": rule([is("ip saddr", "0.0.0.0/0"), accept]),
  "inet t c ip saddr 10.0.0.0/23 accept": rule([is("ip saddr", "10.0.0.0/23"), accept]),
  "inet t c goto other": rule([goTo("other")]),
  "inet t c meta mark & 0x2000 == 0x2000 masquerade fully-random": rule([
    hasBits("meta mark", 0x2000),
    { nat: "masquerade", ports: "fully-random" },
  ]),
  "inet t c meta mark & 0xff != 0x1 drop": rule([{ match: "meta mark", mask: 0xff, op: "!=", value: 1 }, drop]),
  "inet t c meta mark set meta mark | 0x2000": rule([setMark("meta mark", 0x2000, 0x2000)]),
  "inet t c meta mark set 0x5": rule([setMark("meta mark", 5)]),
  "inet t c ct mark set meta mark": rule([copyMark("ct mark", "meta mark")]),
  "inet t c meta mark set ct mark": rule([copyMark("meta mark", "ct mark")]),
  "inet t c ct mark & 0x2000 == 0x2000 accept": rule([hasBits("ct mark", 0x2000), accept]),
  "inet t c meta mark 0x1 accept": rule([is("meta mark", 1), accept]),
  "inet t c ct state established,related accept": rule([hasAny("ct state", "established", "related"), accept]),
  "inet t c ct status dnat accept": rule([hasAny("ct status", "dnat"), accept]),
  'inet t c iifname "eth*" oifname != "br0" drop': rule([is("iifname", "eth*"), isNot("oifname", "br0"), drop]),
  "inet t c iifname @links jump other": rule([isIn("iifname", "links"), jump("other")]),
  "inet t c ip saddr @pods4 accept": rule([isIn("ip saddr", "pods4"), accept]),
  "inet t c ip saddr != @pods4 drop": rule([isNotIn("ip saddr", "pods4"), drop]),
  "inet t c ip6 saddr vmap @pods6": rule([vmap("ip6 saddr", "pods6")]),
  "inet t c fib daddr type local tcp dport 8080 dnat ip to 10.8.0.2:80": rule([
    is("fib daddr type", "local"),
    is("tcp dport", 8080),
    dnat(4, "10.8.0.2", 80),
  ]),
  "inet t c udp dport 8053 ip6 daddr fd00::9 dnat ip6 to [fd08::2]:53": rule([
    is("udp dport", 8053),
    is("ip6 daddr", "fd00::9"),
    dnat(6, "fd08::2", 53),
  ]),
  "inet t c meta l4proto tcp redirect to :99": rule([is("meta l4proto", "tcp"), { nat: "redirect", port: 99 }]),
  "inet t c reject": rule([reject]),
  "inet t c meta nfproto ipv4 meta pkttype multicast accept": rule([
    is("meta nfproto", "ipv4"),
    is("meta pkttype", "multicast"),
    accept,
  ]),
  "inet t c ether saddr 02:00:00:00:00:01 drop": rule([is("ether saddr", "02:00:00:00:00:01"), drop]),
  "inet t c tcp dport >= 8000 tcp dport <= 8010 accept": rule([
    { match: "tcp dport", op: ">=", value: 8000 },
    { match: "tcp dport", op: "<=", value: 8010 },
    accept,
  ]),
  "ip t c ip saddr 127.0.0.1 ip daddr 10.8.0.2 masquerade": rule([
    is("ip saddr", "127.0.0.1"),
    is("ip daddr", "10.8.0.2"),
    masquerade,
  ]),
  "ip t c ip protocol 17 accept": rule([is("ip protocol", "udp"), accept]),
  "ip t c sctp sport 9 accept": rule([is("sctp sport", 9), accept]),
  "ip t c ip saddr vmap @verdicts4": rule([vmap("ip saddr", "verdicts4")]),
  "ip t c ip daddr . meta l4proto . th dport vmap @hostports": rule([
    vmap(["ip daddr", "meta l4proto", "th dport"], "hostports"),
  ]),
  "ip t c fib daddr type local dnat ip to meta l4proto . th dport map @ports": rule([
    is("fib daddr type", "local"),
    dnatBy(4, ["meta l4proto", "th dport"], "ports"),
  ]),
  "ip t c ip saddr @nets snat ip to 192.0.2.1": rule([isIn("ip saddr", "nets"), snat(4, "192.0.2.1")]),
  "ip t c reject": rule([reject]),
  "ip6 t c fib daddr type local dnat ip6 to meta l4proto . th dport map @ports6": rule([
    is("fib daddr type", "local"),
    dnatBy(6, ["meta l4proto", "th dport"], "ports6"),
  ]),
  "ip6 t c reject": rule([reject]),
  "bridge t c iifname vmap @ports": rule([vmap("iifname", "ports")]),
  'bridge t c ether saddr != 82:63:26:14:2b:6b drop comment "macspoofchk"': rule(
    [isNot("ether saddr", "82:63:26:14:2b:6b"), drop],
    "macspoofchk",
  ),
  "bridge t c ip saddr 10.0.0.1 udp dport 53 accept": rule([is("ip saddr", "10.0.0.1"), is("udp dport", 53), accept]),
  "bridge t c ip6 saddr fd00::1 accept": rule([is("ip6 saddr", "fd00::1"), accept]),
  "netdev t c ip saddr 10.0.0.1 drop": rule([is("ip saddr", "10.0.0.1"), drop]),
  "netdev t c ether daddr 02:00:00:00:00:01 drop": rule([is("ether daddr", "02:00:00:00:00:01"), drop]),
};

/** The request for a rule of the list. */
export function ruleRequest(text: string, wanted: Rule): Request {
  return addRule({ family: text.split(" ")[0] as TableFamily, name: "t" }, { name: "c" }, wanted);
}

const inet = { family: "inet", name: "n" } as const;
const bridge = { family: "bridge", name: "n" } as const;
const ip = { family: "ip", name: "n" } as const;
const pods4: SetSpec = { name: "pods4", key: ["ipv4_addr"], data: "verdict" };
const ports: SetSpec = {
  name: "ports",
  key: ["inet_proto", "inet_service"],
  data: ["ipv4_addr", "inet_service"],
};
const links: SetSpec = { name: "ports", key: ["ifname"], data: "verdict" };

/** The requests of `object.json`, by what nft was told. */
export const objects: Readonly<Record<string, Request>> = {
  'add table inet n { comment "netloom: shared"; }': addTable({ ...inet, comment: "netloom: shared" }),
  "add table bridge n": addTable(bridge),
  'add chain inet n post { type nat hook postrouting priority srcnat; policy accept; comment "on the way out"; }':
    addChain(inet, {
      name: "post",
      base: { type: "nat", hook: "postrouting", priority: "srcnat" },
      comment: "on the way out",
    }),
  "add chain ip n pre { type nat hook prerouting priority dstnat; policy drop; }": addChain(ip, {
    name: "pre",
    base: { type: "nat", hook: "prerouting", priority: "dstnat", policy: "drop" },
  }),
  "add chain bridge n pre { type filter hook prerouting priority dstnat; policy accept; }": addChain(bridge, {
    name: "pre",
    base: { type: "filter", hook: "prerouting", priority: "dstnat" },
  }),
  'add chain netdev n in { type filter hook ingress device "lo" priority 7; policy accept; }': addChain(
    { family: "netdev", name: "n" },
    { name: "in", base: { type: "filter", hook: "ingress", device: "lo", priority: 7 } },
  ),
  "add chain inet n pod/n1/eth0/m1": addChain(inet, { name: "pod/n1/eth0/m1" }),
  "delete chain inet n c": delChain(inet, { name: "c" }),
  "flush chain inet n c": flushChain(inet, { name: "c" }),
  "delete table inet n": delTable(inet),
  "add map inet n pods4 { type ipv4_addr : verdict; }": addSet(inet, pods4, 1),
  'add set inet n nets6 { type ipv6_addr; flags interval; comment "pods"; }': addSet(
    inet,
    { name: "nets6", key: ["ipv6_addr"], interval: true, comment: "pods" },
    1,
  ),
  "add map inet n marks { type ipv4_addr : mark; }": addSet(
    inet,
    { name: "marks", key: ["ipv4_addr"], data: ["mark"] },
    1,
  ),
  "add set bridge n macs { type ether_addr; }": addSet(bridge, { name: "macs", key: ["ether_addr"] }, 1),
  "add map bridge n ports { type ifname : verdict; }": addSet(bridge, links, 1),
  "add set inet n services { type inet_service; }": addSet(inet, { name: "services", key: ["inet_service"] }, 1),
  "add map ip n ports { type inet_proto . inet_service : ipv4_addr . inet_service; }": addSet(ip, ports, 1),
  'add element inet n pods4 { 10.8.0.4 comment "netloom n1/eth0/m1" : goto c }': addElements(inet, pods4, [
    { key: ["10.8.0.4"], to: goTo("c"), comment: "netloom n1/eth0/m1" },
  ]),
  "delete element inet n pods4 { 10.8.0.4 }": delElements(inet, pods4, [{ key: ["10.8.0.4"] }]),
  'add element ip n ports { tcp . 8080 comment "web" : 10.8.0.2 . 80 }': addElements(ip, ports, [
    { key: ["tcp", 8080], to: ["10.8.0.2", 80], comment: "web" },
  ]),
  'add element bridge n ports { "veth0" : drop }': addElements(bridge, links, [{ key: ["veth0"], to: drop }]),
  "add element inet n nets { 10.8.0.0/24 }": addElements(inet, { name: "nets", key: ["ipv4_addr"], interval: true }, [
    { key: ["10.8.0.0/24"] },
  ]),
};
