/** `netns_test` on two nodes: the topologies of xcluster's tests, and that each fails when a pod's link is down. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { PodNode, address, cable } from "./pod-node.ts";

const twoPods = { NPODS: "2", __nvm: "2" };

let nodes: PodNode[] = [];

/** Two nodes with eth1 on one LAN. */
async function pair(): Promise<readonly [PodNode, PodNode]> {
  const one = await PodNode.start("vm-001", twoPods);
  nodes.push(one);
  const two = await PodNode.start("vm-002", twoPods);
  nodes.push(two);
  cable(one, "eth1", two, "eth1");
  address(one, 1);
  address(two, 2);
  return [one, two];
}

let one: PodNode;
let two: PodNode;
beforeEach(async () => void ([one, two] = await pair()));
afterEach(async () => {
  await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]()));
  nodes = [];
});

/** Whether the kernel has no such links. Tried where this is called: the test is skipped or not before it runs. */
function lacks(kind: string, ...words: readonly string[]): boolean {
  const ip = (...args: readonly string[]) => Bun.spawnSync(["ip", "link", ...args]);
  ip("add", "tried0", "type", "veth", "peer", "name", "tried1");
  const lower = kind === "ip6tnl" ? [] : ["link", "tried0"];
  const made = ip("add", "tried2", ...lower, "type", kind, ...words);
  if (made.success) ip("delete", "tried2");
  ip("delete", "tried0");
  return !made.success;
}

/** Both nodes do the same. */
function both(...commands: readonly (readonly string[])[]): void {
  for (const node of [one, two]) for (const command of commands) node.do(...command);
}

/** Each of the commands changes nothing the second time. */
function areSettled(...commands: readonly (readonly string[])[]): void {
  for (const command of commands) {
    expect([command, (JSON.parse(one.do(...command, "--json")) as { changes: unknown }).changes]).toEqual([
      command,
      [],
    ]);
  }
}

function failsWhenBroken(command: readonly string[]): void {
  two.must("ip", "-n", "vm-002-ns02", "link", "set", "eth0", "down");
  const said = one.pods(...command, "--timeout=1");
  expect([said.code, said.stderr]).toEqual([1, expect.stringContaining("FAILED: ping ")]);
}

test("L3: routes", () => {
  const steps = [
    ["tcase_forward"],
    ["tcase_create_with_addresses"],
    ["tcase_linux_bridge"],
    ["tcase_default_route"],
    ["tcase_setup_routes"],
  ];
  both(...steps);
  expect(one.must("ip", "route", "get", "172.16.2.1")).toContain("via 192.168.1.2 dev eth1");
  expect(one.must("ip", "-6", "route", "get", "1000::1:ac10:201")).toContain("via 1000::1:c0a8:102 dev eth1");
  for (const key of ["ipv4/ip_forward", "ipv6/conf/all/forwarding", "ipv4/fib_multipath_hash_policy"])
    expect(one.must("cat", `/proc/sys/net/${key}`)).toBe("1\n");
  one.do("tcase_ping_all_pods");
  const from = "vm-001-ns01";
  expect(one.pings("172.16.2.1", { from, size: 1472 })).toBe(true);
  expect(one.pings("1000::1:ac10:201", { from })).toBe(true);
  expect(one.pings("172.16.2.0", { from })).toBe(true);
  expect(one.pings("192.168.1.2", { from })).toBe(true);
  areSettled(...steps);
  expect(one.pods("exec", from, program, "netns_test", "ping_all_pods").code).toBe(0);
  one.must("ip", "route", "replace", "172.16.2.0/24", "via", "192.168.1.77");
  const said = one.pods("setup_routes");
  expect([said.code, said.stderr]).toEqual([
    1,
    expect.stringMatching(/172\.16\.2\.0\/24 via 192\.168\.1\.77.*via 192\.168\.1\.2/),
  ]);
  one.must("ip", "route", "delete", "172.16.2.0/24");
  one.do("setup_routes");
  failsWhenBroken(["tcase_ping_all_pods"]);
});

test("L2: shuffled addresses, the node's interface in the bridge", () => {
  for (const node of [one, two]) {
    node.shuffle();
    const steps = ["tcase_create_with_addresses", "tcase_linux_bridge", "tcase_attach_eth_to_bridge"];
    for (const step of steps) expect([step, node.podsWith({ RNDADR: "yes" }, step)]).toMatchObject([step, { code: 0 }]);
  }
  const bridge = one.json<readonly { readonly addr_info: readonly { local: string; prefixlen: number }[] }[]>(
    "ip",
    "-j",
    "addr",
    "show",
    "br0",
  );
  expect(bridge[0]?.addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`)).toEqual(
    expect.arrayContaining(["192.168.1.1/24", "172.16.0.45/24", "1000::1:ac10:2d/120", "1000::1:c0a8:101/120"]),
  );
  expect(one.must("ip", "-6", "route", "show", "1000::/24")).toBe("");
  expect(one.must("ip", "-j", "link", "show", "eth1")).toContain('"master":"br0"');
  expect(one.must("ip", "-o", "addr", "show", "eth1")).toBe("");
  one.do("tcase_ping_all_random");
  expect(one.pods("exec", "vm-001-ns01", program, "netns_test", "ping_all_random").code).toBe(0);
  const again = one.podsWith({ RNDADR: "yes" }, "tcase_attach_eth_to_bridge", "--json");
  expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, changes: [] });
  failsWhenBroken(["tcase_ping_all_random"]);
});

/** What is asserted of every overlay on IPv6; returns the steps that make it. */
function overlay(type: string, mtu: number): readonly (readonly string[])[] {
  const steps = [
    ["tcase_forward"],
    ["tcase_create_with_addresses"],
    ["tcase_linux_bridge"],
    ["tcase_default_route"],
    ["tcase_setup_overlay", `--type=${type}`],
  ];
  both(...steps);
  one.do("tcase_ping_all_pods");
  const from = "vm-001-ns01";
  for (const host of ["172.16.2.2", "1000::1:ac10:202"]) {
    expect([type, host, one.pings(host, { from })]).toEqual([type, host, true]);
    expect([type, host, one.pings(host)]).toEqual([type, host, true]);
  }
  expect(one.pings("172.16.2.1", { from, size: mtu - 28 })).toBe(true);
  // Nothing is lost on the way to finding out what fits: the pod knows.
  const big = one.run(
    "ip",
    "netns",
    "exec",
    from,
    "ping",
    "-n",
    "-c1",
    "-W2",
    "-M",
    "do",
    "-s",
    String(mtu - 27),
    "172.16.2.1",
  );
  expect(`${big.stdout}${big.stderr}`).toMatch(new RegExp(`mtu.?.?${mtu}`));
  expect(one.must("ip", "-n", from, "route")).toContain(`mtu ${mtu}`);
  return steps;
}

function settledAndFailing(steps: readonly (readonly string[])[]): void {
  areSettled(...steps);
  failsWhenBroken(["tcase_ping_all_pods"]);
}

/** What is seen between the nodes while `body` runs, without neighbour discovery: a line each, those of inner packets below. */
async function seen(of: PodNode, body: () => void): Promise<string> {
  const options = ["-lnni", "eth1", "--immediate-mode", "not icmp6 and not arp"];
  const process = Bun.spawn(["nsenter", "-t", String(of.pid), "-n", "tcpdump", ...options], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const words = process.stderr.getReader();
  for (let said = ""; !said.includes("listening on");) said += new TextDecoder().decode((await words.read()).value);
  body();
  // The last of them, so that all before it have been written.
  one.pings("192.168.1.2");
  const lines = process.stdout.getReader();
  let text = "";
  while (!text.includes("192.168.1.1 > 192.168.1.2")) text += new TextDecoder().decode((await lines.read()).value);
  process.kill("SIGTERM");
  await process.exited;
  return text;
}

/** A pod's ping to one on the other node, and the node's own. */
function pingAcross(): void {
  for (const host of ["172.16.2.1", "1000::1:ac10:201"]) {
    expect(one.pings(host, { from: "vm-001-ns01" })).toBe(true);
    expect(one.pings(host)).toBe(true);
  }
}

/** A packet with a pod's address outside of the tunnel. */
const bare = /^[\d:.]+ IP6? (172\.16|1000::1:ac10)/m;

test("L3 by vxlan, external", async () => {
  const steps = overlay("vxlan", 1430);
  const text = await seen(two, pingAcross);
  expect(text).toContain("1000::1:c0a8:101");
  expect(text).not.toMatch(bare);
  expect(two.must("ip", "neigh", "show", "nud", "failed", "dev", "vxlan6")).toBe("");
  expect(two.must("grep", "Udp6InCsumErrors", "/proc/net/snmp6")).toMatch(/\s0$/m);
  settledAndFailing(steps);
});

test("L3 by vxlan, classic", () => settledAndFailing(overlay("vxlan-classic", 1430)));

// What follows runs where a command takes seconds: no more of them than it needs.
test.skipIf(lacks("ip6tnl", "external"))("L3 by ip6tnl (needs CONFIG_IPV6_TUNNEL)", async () => {
  const setup = ["tcase_setup_overlay"];
  const steps = [["tcase_create_with_addresses"], ["tcase_linux_bridge"], ["tcase_default_route"], setup];
  both(...steps);
  for (const node of [one, two])
    node.must("sh", "-c", "cd /proc/sys/net; echo 1 | tee ipv4/ip_forward ipv6/conf/all/forwarding");
  const text = await seen(two, pingAcross);
  expect(text).toContain("1000::1:c0a8:101 > 1000::1:c0a8:102: IP");
  expect(text).not.toMatch(bare);
  expect(one.must("ip", "-d", "link", "show", "ip6tnl6")).toMatch(/mtu 1460[^]*ip6tnl external/);
  expect(one.must("ip", "route", "show", "172.16.2.0/24")).toMatch(
    /encap ip6 .*dst 1000::1:c0a8:102 .*src 172\.16\.1\.0/,
  );
  expect(one.pings("172.16.2.1", { from: "vm-001-ns01", size: 1432 })).toBe(true);
  expect(one.must("ip", "-n", "vm-001-ns01", "route")).toContain("mtu 1460");
  areSettled(setup);
  failsWhenBroken(["tcase_ping_all_pods"]);
});

describe("over link-local addresses", () => {
  /** No other IPv6 address is between the nodes; by the rule of xcluster's MAC addresses unless others are named. */
  const alone = (macs = ["00:00:00:01:01:01", "00:00:00:01:01:02"]): void => {
    for (const [at, node] of [one, two].entries())
      node.must(
        "sh",
        "-c",
        `ip link set eth1 down address ${macs[at]}; ip -6 addr flush dev eth1; ip link set eth1 up`,
      );
  };
  const pods = [["tcase_forward"], ["tcase_create_with_addresses"], ["tcase_linux_bridge"], ["tcase_default_route"]];

  test("vxlan, classic: forwarding entries name the link", async () => {
    alone();
    const setup = ["tcase_setup_overlay", "--type=vxlan-classic", "--underlay=link-local"];
    both(...pods, setup);
    one.do("tcase_ping_all_pods");
    expect(one.must("bridge", "fdb", "show", "dev", "vxlan6")).toContain("dst fe80::200:ff:fe01:102 via eth1");
    pingAcross();
    areSettled(setup);
    failsWhenBroken(["tcase_ping_all_pods"]);
    const other = "--underlay=1=fe80::200:ff:fe01:101,2=fe80::9";
    expect(one.pods("setup_overlay", "--type=vxlan-classic", other).code).toBe(0);
    expect(one.must("bridge", "fdb", "show", "dev", "vxlan6")).not.toContain("fe01:102");
  });

  test("of nodes with other MAC addresses, which have to be named", () => {
    alone(["02:00:00:00:00:0a", "02:00:00:00:00:0b"]);
    const refused = (says: string, ...words: readonly string[]): void => {
      const said = one.pods("setup_overlay", "--type=vxlan-classic", ...words);
      expect([said.code, said.stderr]).toEqual([1, expect.stringContaining(says)]);
    };
    refused(
      "eth1 has fe80::ff:fe00:a, and this node shall be at fe80::200:ff:fe01:101\n  that is of 00:00:00:01:NET:NODE",
      "--underlay=link-local",
    );
    refused("eth1 has fe80::ff:fe00:a, and this node shall be at fe80::1", "--underlay=1=fe80::1,2=fe80::2");
    refused("--underlay does not say where node 2 is", "--underlay=1=fe80::ff:fe00:a");
    refused("fe80::ff:fe00:a are not of one kind", "--underlay=1=fe80::ff:fe00:a,2=fd00::2");
    for (const wrong of ["2", "0=fe80::1", "2=192.168.1.2", "2=fe80::1%eth1", "2=fe80::1,", "2=fe80::1,2=fe80::2"])
      refused("ERROR: --underlay", `--underlay=${wrong}`);
    refused("cannot be over link-local addresses", "--type=vxlan", "--underlay=2=fe80::ff:fe00:b");
    expect(one.must("ip", "-br", "link")).not.toContain("vxlan6");
    both(...pods);
    one.do("setup_overlay", "--type=vxlan-classic", "--underlay=2=fe80::ff:fe00:b");
    two.must(program, "pods", "join", "--nodes", "2", "--by", "vxlan-classic", "--underlay", "1=fe80::ff:fe00:a");
    pingAcross();
    const routed = one.run(program, "pods", "join", "--nodes", "2", "--underlay", "link-local");
    expect([routed.code, routed.stderr]).toEqual([2, expect.stringContaining("routes need none")]);
  });

  test.skipIf(lacks("ip6tnl", "external"))("ip6tnl: a device for each node (needs CONFIG_IPV6_TUNNEL)", async () => {
    alone();
    const setup = ["tcase_setup_overlay", "--underlay=link-local"];
    both(...pods, setup);
    const text = await seen(two, pingAcross);
    expect(text).toContain("fe80::200:ff:fe01:101 > fe80::200:ff:fe01:102: IP");
    expect(text).not.toMatch(bare);
    expect(one.must("ip", "route", "show", "172.16.2.0/24")).toMatch(/dev tl-2 .*src 172\.16\.1\.0/);
    expect(one.pings("172.16.2.1", { from: "vm-001-ns01", size: 1432 })).toBe(true);
    areSettled(setup, ["tcase_default_route"]);
    expect(one.must("ip", "-n", "vm-001-ns01", "route")).toContain("mtu 1460");
    const other = one.pods("setup_overlay", "--underlay=2=fe80::9");
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining("tl-2: this node has one between other")]);
    failsWhenBroken(["tcase_ping_all_pods"]);
    one.do("delete", "--all");
    expect(one.must("ip", "-br", "link")).not.toContain("tl-2");
  });
});

test.skipIf(lacks("ip6tnl", "external") === false)("a kernel without ip6tnl: the error names other types", () => {
  both(["tcase_create_with_addresses"], ["tcase_linux_bridge"]);
  const said = one.pods("setup_overlay");
  expect([said.code, said.stderr]).toEqual([1, expect.stringMatching(/CONFIG_IPV6_TUNNEL.*--type=vxlan/s)]);
  expect(one.must("ip", "-br", "link")).not.toContain("ip6tnl6");
});

describe.skipIf(lacks("ipvlan", "mode", "l2"))("pods on the node's interface (needs CONFIG_IPVLAN)", () => {
  test("ipvlan with shuffled addresses, from a master that is down", () => {
    for (const node of [one, two]) {
      node.shuffle();
      node.must("ip", "link", "set", "eth1", "down");
      node.do("tcase_create");
      node.do("tcase_ipvlan");
    }
    const inside = one.must("ip", "-n", "vm-001-ns01", "-d", "link", "show", "eth0");
    expect(inside).toMatch(/ipvlan\s+mode l2 bridge/);
    const mac = /link\/ether ([\da-f:]+)/;
    expect(mac.exec(inside)?.[1]).toBe(mac.exec(one.must("ip", "link", "show", "eth1"))?.[1]);
    expect(one.must("ip", "-br", "addr", "show", "ipvlan-eth1")).toContain("172.16.0.45/24");
    one.do("tcase_ping_all_random");
    areSettled(["tcase_ipvlan"]);
    failsWhenBroken(["tcase_ping_all_random"]);
    expect(one.pods("add_ipvlan", "--mode=l3", "eth1")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("has mode l2 bridge and shall have l3 bridge"),
    });
  });

  test.each(["l3", "l3s"])("ipvlan in mode %s", (mode) => {
    one.do("create", "1");
    one.do("add_ipvlan", `--mode=${mode}`, "eth1", "1");
    const said = one.must("ip", "-n", "vm-001-ns01", "-d", "link", "show", "eth0");
    expect(said).toMatch(new RegExp(`ipvlan\\s+mode ${mode} bridge`));
  });
});

test("another type of overlay is a conflict, and a kernel without ip6tnl says which are left", () => {
  both(["tcase_create_with_addresses"], ["tcase_linux_bridge"], ["setup_overlay", "--type=vxlan"]);
  const other = one.pods("setup_overlay", "--type=vxlan-classic");
  expect([other.code, other.stderr]).toEqual([1, expect.stringContaining("an overlay of another type")]);
  const wrong = one.pods("setup_overlay", "--type=nosuch");
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("vxlan-classic")]);
});

test("macvlan: bridge reaches siblings, private does not, a second passthru child is refused", () => {
  both(["create"]);
  one.must("ip", "link", "set", "eth1", "down");
  one.must("ip", "addr", "flush", "dev", "eth1");
  both(["add_macvlan", "eth1"], ["assign_addresses"]);
  expect(one.must("ip", "-n", "vm-001-ns01", "-d", "link", "show", "eth0")).toContain("macvlan mode bridge");
  expect(one.must("ip", "link", "show", "eth1")).toContain("UP");
  expect(one.must("ip", "-d", "link", "show", "macvlan-eth1")).toContain("macvlan mode bridge");
  expect(one.pings("172.16.1.2", { from: "vm-001-ns01" })).toBe(true);
  areSettled(["add_macvlan", "eth1"]);
  const other = one.pods("add_macvlan", "--mode=private", "eth1");
  expect([other.code, other.stderr]).toEqual([1, expect.stringMatching(/has mode bridge and shall have private/)]);
  one.do("delete", "--all");
  expect(one.must("ip", "-br", "link")).not.toContain("macvlan");
  one.do("create");
  one.do("add_macvlan", "--mode=private", "eth1");
  one.do("assign_addresses");
  expect(one.isSilent("172.16.1.2", { from: "vm-001-ns01" })).toBe(true);
  one.do("delete", "--all");
  one.do("create");
  const second = one.pods("add_macvlan", "--mode=passthru", "eth1");
  expect([second.code, second.stderr]).toEqual([
    1,
    expect.stringContaining(
      "cannot share eth1 among pods by macvlan: with passthru one pod has all of it, and these are 2",
    ),
  ]);
  expect(one.pods("add_macvlan", "--mtu=9000", "eth1").stderr).toContain("with an MTU of 9000: its own is 1500");
  expect(one.pods("add_macvlan", "lo").stderr).toContain("cannot share lo among pods by macvlan: it is the loopback");
  expect(one.pods("setup_overlay", "--type=vxlan", "--dev=lo").stderr).toContain("cannot set up the overlay on lo");
  expect(one.pods("setup_routes", "--nvm=300").stderr).toContain("node 256 has no address on net 1");
  expect(one.must("ip", "-n", "vm-001-ns01", "-br", "link")).not.toContain("eth0");
  one.do("add_macvlan", "--mode=passthru", "eth1", "1");
});

test("cni_bridge: configuration, pods in order, and back", () => {
  expect(one.pods("cni_bridge_start")).toMatchObject({
    code: 1,
    stderr: "ERROR: Bridge not configured\n",
  });
  one.do("tcase_cni_bridge_configure");
  expect(JSON.parse(one.must("cat", "/etc/cni/10-bridge.conf"))).toEqual({
    cniVersion: "1.0.0",
    name: "xnet",
    type: "bridge",
    isDefaultGateway: true,
    hairpinMode: true,
    ipam: { type: "host-local", ranges: [[{ subnet: "172.16.1.0/24" }], [{ subnet: "1000::1:ac10:100/120" }]] },
  });
  one.do("tcase_cni_bridge_start");
  const result = (pod: string) =>
    JSON.parse(one.must("cat", `/tmp/${pod}.json`)) as { ips: { address: string; gateway: string }[] };
  expect(result("vm-001-ns01").ips).toMatchObject([
    { address: "172.16.1.2/24", gateway: "172.16.1.1" },
    { address: "1000::1:ac10:102/120", gateway: "1000::1:ac10:101" },
  ]);
  expect(result("vm-001-ns02").ips.map((ip) => ip.address)).toEqual(["172.16.1.3/24", "1000::1:ac10:103/120"]);
  const ports = one.json<readonly { hairpin: boolean }[]>("bridge", "-j", "-d", "link");
  expect(ports.map(({ hairpin }) => hairpin)).toEqual([true, true]);
  one.do("tcase_cni_bridge_ping");
  const before = one.must("cat", "/tmp/vm-001-ns01.json");
  expect(one.pods("cni_bridge_start").code).toBe(1);
  expect(one.must("cat", "/tmp/vm-001-ns01.json")).toBe(before);
  one.do("tcase_cni_bridge_ping");
  one.must("ip", "-n", "vm-001-ns02", "link", "set", "eth0", "down");
  expect(one.pods("tcase_cni_bridge_ping", "--timeout=1")).toMatchObject({ code: 1 });
  one.do("delete", "1", "2");
  expect(one.must("ls", "/var/lib/cni/networks/xnet")).not.toContain("172.16.1.3");
  expect(one.must("ls", "/tmp")).not.toContain("vm-001-ns02");
  one.do("delete", "--all");
  expect(one.must("sh", "-c", "ls /var/lib/cni/networks/xnet | grep -c ^172 || true")).toBe("0\n");
});

describe("dual bridges", () => {
  test("the same addresses on two isolated bridges", async () => {
    const router = await PodNode.start("vm-202", twoPods);
    nodes.push(router);
    cable(one, "eth2", router, "eth3");
    cable(one, "eth3", router, "eth4");
    router.do("tcase_xnetns", "eth3", "eth4");
    one.do("tcase_xbridge", "br2", "eth2");
    one.do("tcase_xbridge", "br3", "eth3");
    for (const bridge of ["br2", "br3"])
      for (const host of ["172.16.0.100", "1000::1:ac10:64"])
        expect(one.pings(host, { from: `${bridge}-vm-001-ns01` })).toBe(true);
    expect(one.must("ip", "-n", "br2-vm-001-ns02", "-br", "addr")).toContain("172.16.0.2/24");
    expect(one.must("ip", "-n", "br3-vm-001-ns02", "-br", "addr")).toContain("172.16.0.2/24");
    expect(one.must("ip", "-o", "-4", "addr", "show", "br2")).toBe("");
    expect(router.pods("exec", "vm-202-eth3", "hostname").stdout).toBe("vm-202-eth3\n");
    expect(router.must("ip", "-n", "vm-202-eth3", "-br", "addr")).toContain("172.16.0.100/24");
    // What br2's pods send is not seen beyond br3.
    one.must("ip", "link", "set", "eth2", "down");
    expect(one.isSilent("172.16.0.100", { from: "br2-vm-001-ns01" })).toBe(true);
    expect(one.pings("172.16.0.100", { from: "br3-vm-001-ns01" })).toBe(true);
    for (const command of [
      ["tcase_xbridge", "br2", "eth2"],
      ["tcase_xbridge", "br2", "eth2"],
    ])
      one.do(...command);
    router.do("tcase_xnetns", "eth3", "eth4");
    expect(one.pings("172.16.0.100", { from: "br2-vm-001-ns01" })).toBe(true);
    one.do("delete", "--all");
    router.do("delete", "--all");
    expect(router.must("ip", "-br", "link")).toContain("eth3");
    expect(one.must("ip", "-br", "link")).not.toContain("br2");
  });

  test.skipIf(lacks("vlan", "id", "7"))("on VLANs of one cable (needs CONFIG_VLAN_8021Q)", async () => {
    const router = await PodNode.start("vm-202", twoPods);
    nodes.push(router);
    cable(one, "eth2", router, "eth3");
    router.do("tcase_create_vlans", "eth3.100", "eth3.200");
    router.do("tcase_xnetns", "eth3.100", "eth3.200");
    one.do("tcase_create_vlans", "eth2.100", "eth2.200");
    one.do("tcase_xbridge", "br2", "eth2.100");
    one.do("tcase_xbridge", "br3", "eth2.200");
    expect(one.must("ip", "-d", "link", "show", "eth2.100")).toMatch(/master br2 state UP[^]*802\.1Q id 100/);
    expect(one.must("cat", "/proc/sys/net/ipv6/conf/eth2.100/accept_dad")).toBe("0\n");
    for (const bridge of ["br2", "br3"])
      for (const host of ["172.16.0.100", "1000::1:ac10:64"])
        expect(one.pings(host, { from: `${bridge}-vm-001-ns01` })).toBe(true);
    router.must("ip", "-n", "vm-202-eth3.100", "link", "set", "eth3.100", "down");
    expect(one.isSilent("172.16.0.100", { from: "br2-vm-001-ns01" })).toBe(true);
    expect(one.pings("172.16.0.100", { from: "br3-vm-001-ns01" })).toBe(true);
    one.do("delete", "--all");
    expect(one.must("ip", "-br", "link")).not.toContain("eth2.100");
  });
});

const program = `${import.meta.dir}/../../bin/netloom`;
