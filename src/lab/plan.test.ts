import { expect, test } from "bun:test";

import { diff, printOp } from "../change/index.ts";
import type { Wish } from "../change/index.ts";
import { parseLabText } from "./file/index.ts";
import { planWish } from "./plan.ts";
import { resolve } from "./resolve/index.ts";

function wishOf(text: string): Wish {
  return planWish(resolve(parseLabText(text, "a.yaml")));
}

/** What a namespace is wished to be, without its sysctls, a line per thing. */
function lines(wish: Wish, name: string): readonly string[] {
  const netns = wish.namespaces.find((each) => each.name === name);
  if (netns === undefined) return [];
  return [
    ...netns.links.flatMap(({ spec, addrs = [], qdisc }) => {
      const { name: dev, kind, alias, ...rest } = spec;
      const end = qdisc === undefined ? "" : ` ${JSON.stringify(qdisc)}`;
      return [
        `${dev} ${kind} ${alias} ${JSON.stringify(rest).replaceAll('"', "")}${end}`,
        ...addrs.map(({ prefix, noDad }) => `  ${prefix}${noDad === true ? " nodad" : ""}`),
      ];
    }),
    ...(netns.routes ?? []).map((route) => `route ${JSON.stringify(route).replaceAll('"', "")}`),
    ...(netns.neighs ?? []).map(({ dev, ip, mac }) => `neigh ${dev} ${ip} ${mac}`),
    ...(netns.fdb ?? []).map(({ dev, mac, dst }) => `fdb ${dev} ${mac} ${dst}`),
  ];
}

const vxlan = "name: x\nnodes: 2\npods: 1\nunderlay: {prefixes: fd00:192:168:1::/64}\n";

test("the fabric is silent bridges and ports", () => {
  const wish = wishOf(vxlan);
  expect(lines(wish, "x-fabric")).toEqual([
    "br-lan1 bridge netloom:x/lan1/br-lan1 {data:{stpState:0,forwardDelay:0,mcastSnooping:false},mtu:1500,up:true,addrGenMode:none}",
    "vm-001-eth1 veth netloom:x/lan1/vm-001-eth1 {peer:{netns:x-vm-001,name:eth1},mtu:1500,master:br-lan1,addrGenMode:none,up:true}",
    "vm-002-eth1 veth netloom:x/lan1/vm-002-eth1 {peer:{netns:x-vm-002,name:eth1},mtu:1500,master:br-lan1,addrGenMode:none,up:true}",
  ]);
  expect(wish.namespaces[0]?.sysctls).toEqual({
    "net.ipv6.conf.all.disable_ipv6": "1",
    "net.ipv6.conf.default.disable_ipv6": "1",
  });
});

test("a vxlan node: its switch, its LAN interface, its tunnel, and what it knows of the other", () => {
  expect(lines(wishOf(vxlan), "x-vm-001")).toEqual([
    "br0 bridge netloom:x/vm-001/br0 {data:{stpState:0,forwardDelay:0,mcastSnooping:false},mtu:1430,up:true,mac:76:43:77:c5:1a:42}",
    "  172.16.1.0/24 nodad",
    "  1000::1:ac10:100/120 nodad",
    "eth1 veth netloom:x/vm-001/eth1 {peer:{netns:x-fabric,name:vm-001-eth1},mac:da:5e:dd:7d:01:af,mtu:1500,addrGenMode:eui64,up:true}",
    "  fd00:192:168:1::1/64 nodad",
    "vxlan1 vxlan netloom:x/vm-001/vxlan1 {lower:eth1,data:{id:1,local6:fd00:192:168:1::1,port:4789,learning:false},mac:9e:d4:46:e5:a3:98,mtu:1430,addrGenMode:none,up:true}",
    "vm-001-ns01 veth netloom:x/vm-001/vm-001-ns01 {peer:{netns:x-vm-001-ns01,name:eth0},mtu:1430,master:br0,addrGenMode:none,up:true}",
    "route {dst:172.16.2.0/24,via:172.16.2.0,dev:vxlan1,onlink:true,src:172.16.1.0}",
    "route {dst:1000::1:ac10:200/120,via:1000::1:ac10:200,dev:vxlan1,onlink:true,src:1000::1:ac10:100}",
    "neigh vxlan1 172.16.2.0 b2:df:7f:3f:be:9d",
    "neigh vxlan1 1000::1:ac10:200 b2:df:7f:3f:be:9d",
    "fdb vxlan1 b2:df:7f:3f:be:9d fd00:192:168:1::2",
  ]);
});

test("a pod: one interface, a default route per family", () => {
  const wish = wishOf(vxlan);
  expect(lines(wish, "x-vm-002-ns01")).toEqual([
    "eth0 veth netloom:x/vm-002-ns01/eth0 {peer:{netns:x-vm-002,name:vm-002-ns01},mac:aa:a8:b3:88:d0:0e,mtu:1430,addrGenMode:none,up:true}",
    "  172.16.2.1/24 nodad",
    "  1000::1:ac10:201/120 nodad",
    "route {dst:0.0.0.0/0,via:172.16.2.0,dev:eth0}",
    "route {dst:::/0,via:1000::1:ac10:200,dev:eth0}",
  ]);
  expect(wish.namespaces.at(-1)).toMatchObject({ name: "x-vm-002-ns01", hostname: "vm-002-ns01" });
});

test("on one segment the LAN interface is a port and its addresses are the switch's", () => {
  expect(lines(wishOf("name: x\nnodes: 2\npods: 0\nnetwork: {join: l2}"), "x-vm-002")).toEqual([
    "br0 bridge netloom:x/vm-002/br0 {data:{stpState:0,forwardDelay:0,mcastSnooping:false},mtu:1500,up:true,mac:7e:43:07:87:6b:a4}",
    "  172.16.2.0/16 nodad",
    "  1000::1:ac10:200/112 nodad",
    "  192.168.1.2/24 nodad",
    "  fd00:192:168:1::2/64 nodad",
    "eth1 veth netloom:x/vm-002/eth1 {peer:{netns:x-fabric,name:vm-002-eth1},mac:96:fc:ed:1f:a5:77,mtu:1500,master:br0,addrGenMode:none,up:true}",
  ]);
});

test("routes go by the other nodes' LAN addresses; by IPv6 ones where the LAN has no others", () => {
  const routes = (prefixes: string): readonly string[] =>
    lines(
      wishOf(`name: x\nnodes: 3\npods: 0\nunderlay: {prefixes: ${prefixes}}\nnetwork: {join: routes}`),
      "x-vm-002",
    ).filter((line) => line.startsWith("route"));
  expect(routes("[192.168.1.0/24, fd00:192:168:1::/64]")).toEqual([
    "route {dst:172.16.1.0/24,via:192.168.1.1,dev:eth1,src:172.16.2.0}",
    "route {dst:1000::1:ac10:100/120,via:fd00:192:168:1::1,dev:eth1,src:1000::1:ac10:200}",
    "route {dst:172.16.3.0/24,via:192.168.1.3,dev:eth1,src:172.16.2.0}",
    "route {dst:1000::1:ac10:300/120,via:fd00:192:168:1::3,dev:eth1,src:1000::1:ac10:200}",
  ]);
  expect(routes("fd00:192:168:1::/64")[0]).toBe(
    "route {dst:172.16.1.0/24,via:fd00:192:168:1::1,dev:eth1,src:172.16.2.0}",
  );
});

test("nothing is joined, nothing is there", () => {
  const wish = wishOf("name: x\npods: 2");
  expect(wish.namespaces.map(({ name }) => name)).toEqual(["x-vm-001", "x-vm-001-ns01", "x-vm-001-ns02"]);
});

test("a long name is an alternative name, and in the alias", () => {
  const wish = wishOf("name: x\nnodes: [a-very-long-node-name]\npods: 1");
  const port = wish.namespaces[0]?.links[1]?.spec;
  expect(port?.name).toMatch(/^a-very-l-[a-z2-7]{6}$/);
  expect(port).toMatchObject({
    alias: "netloom:x/a-very-long-node-name/a-very-long-node-name-ns01",
    altNames: ["a-very-long-node-name-ns01"],
  });
});

test("below IPv6's least MTU nothing of IPv6 is set on a device", () => {
  const wish = wishOf(
    "name: x\nnodes: 2\npods: 1\naddresses: {ipv4: 10.0.0.0/8/16}\nunderlay: {prefixes: 192.168.1.0/24, mtu: 1000}",
  );
  expect(wish.namespaces.flatMap(({ links }) => links.map(({ spec }) => spec.addrGenMode ?? "unset"))).toEqual(
    Array.from({ length: 13 }, () => "unset"),
  );
});

test("an impaired interface has a queueing discipline", () => {
  expect(lines(wishOf("name: x\npods: 1\nlinks: [{on: vm-001-ns01, rate: 8mbit}]"), "x-vm-001-ns01")[0]).toEndWith(
    '{"kind":"tbf","rate":1000000,"burst":16384,"latency":50000}',
  );
});

test("equal files give equal wishes, in the same order", () => {
  const text = "name: x\nnodes: 3\npods: 3";
  expect(JSON.stringify(wishOf(text))).toBe(JSON.stringify(wishOf(text)));
});

test("the wish is one a kernel can be brought to, in words an engineer knows", () => {
  const ops = diff(wishOf(vxlan), new Map());
  const shown = ops.map(printOp).filter((line) => line.includes("x-vm-001 ") && /route|neigh|fdb/.test(line));
  expect(shown).toEqual([
    "ip -n x-vm-001 route replace 172.16.2.0/24 via 172.16.2.0 dev vxlan1 src 172.16.1.0 onlink",
    "ip -n x-vm-001 route replace 1000::1:ac10:200/120 via 1000::1:ac10:200 dev vxlan1 src 1000::1:ac10:100 onlink",
    "ip -n x-vm-001 neigh replace 172.16.2.0 lladdr b2:df:7f:3f:be:9d dev vxlan1 nud permanent",
    "ip -n x-vm-001 neigh replace 1000::1:ac10:200 lladdr b2:df:7f:3f:be:9d dev vxlan1 nud permanent",
    "bridge -n x-vm-001 fdb replace b2:df:7f:3f:be:9d dev vxlan1 dst fd00:192:168:1::2 self permanent",
  ]);
});

test("a thousand pods are planned, on one node and on many", () => {
  const labs = [
    "nodes: 1\npods: 1000\naddresses: {ipv4: 10.0.0.0/8/16, ipv6: 1000::1:0.0.0.0}",
    "nodes: 100\npods: 10",
  ];
  for (const lab of labs) {
    expect(wishOf(`name: x\n${lab}`).namespaces.length).toBeGreaterThan(1000);
  }
});

const tunnels = (join: string): readonly string[] =>
  diff(
    wishOf(`name: x\nnodes: 2\npods: 1\nunderlay: {prefixes: "1000::1:192.168.1.0/120"}\nnetwork: {join: ${join}}`),
    new Map(),
  )
    .map(printOp)
    .filter((line) => line.includes("x-vm-001 ") && /route|neigh|fdb|vxlan|ip6tnl|tl-/.test(line))
    .map((line) => line.replace(/alias \S+ /, "").replace(/ && .*/, ""));

test("an external vxlan: routes name the other end, and no forwarding entry does", () => {
  expect(tunnels("{kind: vxlan, external: true, vni: 100}")).toEqual([
    "ip -n x-vm-001 link add name vxlan100 mtu 1430 address de:f4:14:4a:74:a0 type vxlan external dstport 4789 nolearning udp6zerocsumrx",
    "ip -n x-vm-001 route replace 172.16.2.0/24 encap ip6 id 100 dst 1000::1:c0a8:102 via 172.16.2.0 dev vxlan100 src 172.16.1.0 onlink",
    "ip -n x-vm-001 route replace 1000::1:ac10:200/120 encap ip6 id 100 dst 1000::1:c0a8:102 via 1000::1:ac10:200 dev vxlan100 src 1000::1:ac10:100 onlink",
    "ip -n x-vm-001 neigh replace 172.16.2.0 lladdr 72:9f:17:1e:2b:2a dev vxlan100 nud permanent",
    "ip -n x-vm-001 neigh replace 1000::1:ac10:200 lladdr 72:9f:17:1e:2b:2a dev vxlan100 nud permanent",
  ]);
});

test("ip6tnl: one device and routes that name the other end, or a device for each other node", () => {
  expect(tunnels("ip6tnl")).toEqual([
    "ip -n x-vm-001 link add name ip6tnl6 mtu 1460 type ip6tnl mode any external",
    "ip -n x-vm-001 route replace 172.16.2.0/24 encap ip6 dst 1000::1:c0a8:102 dev ip6tnl6 src 172.16.1.0",
    "ip -n x-vm-001 route replace 1000::1:ac10:200/120 encap ip6 dst 1000::1:c0a8:102 dev ip6tnl6 src 1000::1:ac10:100",
  ]);
  expect(tunnels("{kind: ip6tnl, external: false}")).toEqual([
    "ip -n x-vm-001 link add name tl-2 mtu 1460 type ip6tnl local 1000::1:c0a8:101 remote 1000::1:c0a8:102 mode any hoplimit 64 encaplimit none dev eth1",
    "ip -n x-vm-001 route replace 172.16.2.0/24 dev tl-2 src 172.16.1.0",
    "ip -n x-vm-001 route replace 1000::1:ac10:200/120 dev tl-2 src 1000::1:ac10:100",
  ]);
});

const vlans = `name: x
nodes: [{name: vm-001, lans: [wire, tag]}]
pods: 1
underlay: {lans: [{name: wire}, {name: tag, vlan: 100, on: wire}]}
addresses: {ipv4: 172.16.0.0/16/24, net: 0, gatewayHost: none}
networks: [{name: br2, join: {kind: l2, lan: tag}}, {name: br3, join: {kind: l2, lan: wire}}]
externals: [{name: out, lan: tag, interface: eth3}]
`;

test("networks side by side have bridges without addresses; a VLAN stands on the cable's end and is a port", () => {
  const wish = wishOf(vlans);
  expect(lines(wish, "x-vm-001")).toEqual([
    "br2 bridge netloom:x/vm-001/br2 {data:{stpState:0,forwardDelay:0,mcastSnooping:false},mtu:1500,up:true,mac:7e:60:df:2b:5c:59}",
    "br3 bridge netloom:x/vm-001/br3 {data:{stpState:0,forwardDelay:0,mcastSnooping:false},mtu:1500,up:true,mac:3a:a8:c9:e2:91:02}",
    "eth1 veth netloom:x/vm-001/eth1 {peer:{netns:x-fabric,name:vm-001-eth1},mac:da:5e:dd:7d:01:af,mtu:1500,master:br3,addrGenMode:none,up:true}",
    "eth1.100 vlan netloom:x/vm-001/eth1.100 {lower:eth1,data:{id:100},mac:da:5e:dd:7d:01:af,mtu:1500,master:br2,addrGenMode:none,up:true}",
    "br2-vm-001-ns01 veth netloom:x/vm-001/br2-vm-001-ns01 {peer:{netns:x-br2-vm-001-ns01,name:eth0},mtu:1500,master:br2,addrGenMode:none,up:true}",
    "br3-vm-001-ns01 veth netloom:x/vm-001/br3-vm-001-ns01 {peer:{netns:x-br3-vm-001-ns01,name:eth0},mtu:1500,master:br3,addrGenMode:none,up:true}",
  ]);
  expect(lines(wish, "x-br3-vm-001-ns01").slice(1)).toEqual(["  172.16.0.1/24 nodad"]);
  expect(wish.namespaces.map(({ name }) => name)).toEqual([
    "x-fabric",
    "x-vm-001",
    "x-out",
    "x-br2-vm-001-ns01",
    "x-br3-vm-001-ns01",
  ]);
});

test("a host outside says nothing unasked, and its VLAN is on a cable of its own", () => {
  const wish = wishOf(vlans);
  expect(lines(wish, "x-out")).toEqual([
    "eth3 veth netloom:x/out/eth3 {peer:{netns:x-fabric,name:out-eth3},mac:ea:a7:e8:8e:53:8c,mtu:1500,addrGenMode:none,up:true}",
    "eth3.100 vlan netloom:x/out/eth3.100 {lower:eth3,data:{id:100},mac:ea:a7:e8:8e:53:8c,mtu:1500,addrGenMode:none,up:true}",
    "  172.16.0.100/24 nodad",
  ]);
  expect(lines(wish, "x-fabric").map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
    "br-wire bridge",
    "vm-001-eth1 veth",
    "out-eth3 veth",
  ]);
});

test("who is between routes: to pods that are not its own, and to LANs that it is not on", () => {
  const wish = wishOf(`name: x
nodes: [{name: a, lans: [one]}, {name: r, lans: [one, two]}, {name: b, lans: [two]}]
pods: 1
addresses: {ipv4: 172.16.0.0/16/24}
underlay: {lans: [{name: one, prefixes: 10.0.1.0/24}, {name: two, prefixes: 10.0.2.0/24}]}
network: {nodes: [a, b], join: routes}
externals: [{name: out, lan: two, gateway: r}]`);
  const routes = (name: string): readonly string[] => lines(wish, name).filter((line) => line.startsWith("route"));
  expect(routes("x-a")).toEqual([
    "route {dst:172.16.3.0/24,via:10.0.1.2,dev:eth1,src:172.16.1.0}",
    "route {dst:10.0.2.0/24,dev:eth1,via:10.0.1.2}",
  ]);
  expect(routes("x-r")).toEqual([
    "route {dst:172.16.1.0/24,via:10.0.1.1,dev:eth1}",
    "route {dst:172.16.3.0/24,via:10.0.2.3,dev:eth2}",
  ]);
  expect(routes("x-out")).toEqual(["route {dst:0.0.0.0/0,via:10.0.2.2,dev:eth0}"]);
  expect(lines(wish, "x-r").some((line) => line.includes("bridge"))).toBe(false);
});
