/**
 * Labs with several networks on a node, hosts outside, VLANs and routers, as `ip` and `tcpdump` see them, and what their own test
 * says when somebody answers who was not asked.
 */
import { afterEach, describe, expect, test } from "bun:test";
import { type Lab, type LabInput, load } from "../../src/lab/index.ts";
import { addLink, delLink } from "../../src/rtnl/index.ts";
import { eventually } from "../eventually.ts";
import { reaches } from "./lab-host.ts";
import { type Shown, ip, lacks, pair, socket } from "./rtnl-witness.ts";

const example = (name: string): Lab =>
  load(new URL(`../../examples/xcluster/${name}.netloom.yaml`, import.meta.url).pathname);

const lower = pair("q0");
const noVlan = lacks(() => {
  socket.run(addLink({ kind: "vlan", name: "q0.7", lower, data: { id: 7 } }));
  socket.run(delLink({ name: "q0.7" }));
});

let lab: Lab | undefined;
afterEach(async () => {
  await lab?.down();
  lab = undefined;
});

interface Addressed {
  readonly ifname: string;
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number; readonly scope: string }[];
}

/** Global addresses of a device. */
function addresses(netns: string, dev: string): readonly string[] {
  const [link] = ip<Addressed>("-n", netns, "address", "show", "dev", dev);
  return (link?.addr_info ?? [])
    .filter(({ scope }) => scope === "global")
    .map(({ local, prefixlen }) => `${local}/${prefixlen}`);
}

const link = (netns: string, dev: string): Shown | undefined =>
  ip<Shown>("-n", netns, "-d", "link", "show", "dev", dev)[0];

function ping(netns: string, address: string, ...more: readonly string[]): boolean {
  return Bun.spawnSync(["ip", "netns", "exec", netns, "ping", "-n", "-q", "-c1", "-W10", ...more, address]).success;
}

/** What tcpdump hears on a device until it is told to stop: a line per packet. */
async function capture(netns: string, dev: string, ...filter: readonly string[]) {
  const dump = ["ip", "netns", "exec", netns, "tcpdump", "-n", "-e", "-l", "--immediate-mode", "-i", dev, ...filter];
  const run = Bun.spawn(dump, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  let heard = "";
  let said = "";
  const hearing = (async () => {
    for await (const bytes of run.stdout) heard += new TextDecoder().decode(bytes);
  })();
  void (async () => {
    for await (const bytes of run.stderr) said += new TextDecoder().decode(bytes);
  })();
  await eventually(`tcpdump listens on ${dev}`, () => said.includes("listening on"));
  const lines = (): readonly string[] => heard.split("\n").filter((line) => line !== "");
  return {
    lines,
    stop: async (): Promise<readonly string[]> => {
      run.kill("SIGINT");
      await run.exited;
      await hearing;
      return lines();
    },
  };
}

describe("two bridges with the same addresses", () => {
  test("are as xcluster makes them, and the same again is nothing to do", async () => {
    lab = example("dual-bridges");
    await lab.up();
    const pods = ["br2-vm-001-ns01", "br3-vm-001-ns01"].map((pod) => addresses(`dual-bridges-${pod}`, "eth0"));
    expect(pods).toEqual([
      ["172.16.0.1/24", "1000::1:ac10:1/120"],
      ["172.16.0.1/24", "1000::1:ac10:1/120"],
    ]);
    for (const side of ["eth3", "eth4"]) {
      expect(addresses(`dual-bridges-vm-202-${side}`, side)).toEqual(["172.16.0.100/24", "1000::1:ac10:64/120"]);
    }
    const node = "dual-bridges-vm-001";
    expect(["br2", "br3"].map((bridge) => addresses(node, bridge))).toEqual([[], []]);
    expect([link(node, "eth2"), link(node, "eth3")]).toMatchObject([
      { master: "br2", operstate: "UP" },
      { master: "br3", operstate: "UP" },
    ]);
    expect(link(node, "br3-vm-001-ns04")).toMatchObject({ master: "br3", inet6_addr_gen_mode: "none" });
    expect((await lab.exec("vm-202-eth3", ["hostname"])).stdout).toBe("vm-202-eth3\n");
    expect((await lab.up()).ops).toEqual([]);
    expect(lab.inspect().members.filter(({ state }) => state !== "up")).toEqual([]);
  });

  test("are apart: each pod reaches its own .100, and nothing is heard on the other LAN", async () => {
    lab = example("dual-bridges");
    await lab.up();
    expect(await reaches(lab)).toBe(true);
    const own = await capture("dual-bridges-vm-001", "eth2");
    const other = await capture("dual-bridges-vm-001", "eth3");
    for (const address of ["172.16.0.100", "1000::1:ac10:64"]) {
      expect(ping("dual-bridges-br2-vm-001-ns01", address, "-s", "1400")).toBe(true);
    }
    await eventually(
      "requests and answers of both families are heard",
      () => own.lines().filter((line) => line.includes("echo")).length === 4,
    );
    await own.stop();
    // Hosts tell switches for a while which multicast groups they are in (MLD), whoever else speaks.
    expect((await other.stop()).filter((line) => !line.includes("multicast listener report"))).toEqual([]);
  });

  test("that are cabled crosswise: somebody answers, and the test tells who", async () => {
    lab = example("dual-bridges");
    await lab.up();
    const port = (side: string, lan: string): void =>
      void Bun.spawnSync(
        ["ip", "-n", "dual-bridges-fabric", "link", "set", `vm-202-${side}-${side}`, "master", `br-${lan}`],
        { stdout: "ignore" },
      );
    port("eth3", "net4");
    port("eth4", "net3");
    expect(ping("dual-bridges-br2-vm-001-ns01", "172.16.0.100")).toBe(true);
    const { pairs } = await lab.test({ only: "br2-vm-001-ns01", timeoutMs: 10_000 });
    const asked = (to: string) => pairs.find((pair) => pair.from === "br2-vm-001-ns01" && pair.to === to);
    expect(asked("vm-202-eth3")).toMatchObject({
      ok: false,
      expect: true,
      reached: false,
      received: 0,
      answeredBy: "vm-202-eth4",
      facts: ["vm-202-eth4 answered for 172.16.0.100, not vm-202-eth3", expect.any(String)],
    });
    expect(asked("vm-202-eth4")).toMatchObject({ ok: false, expect: false, reached: true });
    // Those beside it are who they are: what its twins on the other bridge have is its own, and it answers itself.
    expect(asked("br2-vm-001-ns02")).toMatchObject({ ok: true, reached: true });
    expect(asked("br3-vm-001-ns01")).toMatchObject({ ok: true, reached: false, answeredBy: "br2-vm-001-ns01" });
    await lab.up();
    // Whose neighbour had the wrong host's MAC address would ask again in its own time.
    for (const { netns } of lab.inspect().members) {
      for (const family of ["-4", "-6"]) Bun.spawnSync(["ip", family, "-n", netns, "neigh", "flush", "all"]);
    }
    expect(await reaches(lab)).toBe(true);
  });

  test("that are short-circuited: what was apart is reached, and must not be", async () => {
    lab = example("dual-bridges");
    await lab.up();
    const run = Bun.spawnSync(["ip", "-n", "dual-bridges-vm-001", "link", "set", "br3-vm-001-ns03", "master", "br2"], {
      stdout: "ignore",
    });
    expect(run.success).toBe(true);
    const { pairs } = await lab.test({ only: "br3-vm-001-ns03", timeoutMs: 500 });
    const own = pairs.filter(({ from }) => from === "br3-vm-001-ns03");
    const of = (to: string) => own.filter((pair) => pair.to === to).map(({ ok, reached }) => ({ ok, reached }));
    expect(of("vm-202-eth3")).toEqual(Array(2).fill({ ok: false, reached: true }));
    expect(of("vm-202-eth4")).toEqual(Array(2).fill({ ok: false, reached: false }));
  });
});

describe("several LANs and routers", () => {
  test("routes take the shortest way, packets too", async () => {
    lab = example("multilan-router");
    await lab.up();
    interface Routed {
      readonly gateway: string;
      readonly dev: string;
      readonly prefsrc: string;
    }
    const way = (node: string, address: string) =>
      ip<Routed>("-n", `multilan-router-${node}`, "route", "get", address).map(
        ({ gateway, dev, prefsrc }) => `${gateway} ${dev} ${prefsrc}`,
      );
    expect(way("vm-001", "172.16.2.1")).toEqual(["192.168.1.201 eth1 172.16.1.0"]);
    expect(way("vm-001", "1000::1:ac10:201")).toEqual(["1000::1:c0a8:1c9 eth1 1000::1:ac10:100"]);
    expect(way("vm-001", "172.16.3.1")).toEqual(["192.168.5.203 eth4 172.16.1.0"]);
    expect(way("vm-002", "172.16.3.1")).toEqual(["192.168.2.202 eth1 172.16.2.0"]);
    expect(way("vm-202", "172.16.3.1")).toEqual(["192.168.5.203 eth5 192.168.5.202"]);
    expect(way("vm-003", "192.168.2.221")).toEqual(["192.168.6.203 eth1 192.168.6.3"]);
    expect((await lab.up()).ops).toEqual([]);
    expect(await reaches(lab)).toBe(true);
    // vm-002, vm-202, vm-203 and vm-003 each take one off.
    const seen = await capture("multilan-router-vm-003-ns01", "eth0", "-v", "icmp and icmp[icmptype] == icmp-echo");
    expect(ping("multilan-router-vm-002-ns01", "172.16.3.1")).toBe(true);
    await eventually("the request is heard", () => seen.lines().length >= 2);
    expect((await seen.stop()).join(" ")).toContain("ttl 60");
  });

  test("a router that is taken out of a running lab is gone round", async () => {
    lab = example("multilan-router");
    await lab.up();
    const { nodes, externals = [], ...rest } = lab.file.input;
    const others = (Array.isArray(nodes) ? nodes : []).filter((node) => Reflect.get(Object(node), "name") !== "vm-201");
    const less = { ...rest, nodes: others, externals: externals.map((one) => ({ ...one, gateway: "vm-202" })) };
    lab = load(less);
    await lab.up();
    expect(ip<{ gateway: string }>("-n", "multilan-router-vm-001", "route", "get", "172.16.2.1")).toMatchObject([
      { gateway: "192.168.1.202" },
    ]);
    expect(Bun.spawnSync(["ip", "netns", "list"]).stdout.toString()).not.toContain("vm-201");
    expect(await reaches(lab)).toBe(true);
  });

  test("a router that does not forward is found", async () => {
    lab = example("multilan-router");
    await lab.up();
    await lab.exec("vm-203", ["sh", "-c", "echo 0 > /proc/sys/net/ipv4/ip_forward"]);
    const { pairs } = await lab.test({ only: "vm-003-ns01", family: 4, timeoutMs: 500 });
    const failed = pairs.filter(({ ok }) => !ok);
    expect(failed.map(({ to }) => to)).toContain("vm-002-ns01");
    expect(failed.every(({ from, to }) => [from, to].some((name) => !name.startsWith("vm-003")))).toBe(true);
    expect(failed.flatMap(({ facts = [] }) => facts)).toContain(
      "vm-203 does not forward IPv4 (net.ipv4.ip_forward = 0)",
    );
    expect(pairs.filter(({ ok }) => ok).map(({ from }) => from)).toContain("vm-003-ns02");
  });
});

const outside = {
  name: "out",
  nodes: 2,
  pods: 1,
  underlay: { prefixes: ["192.168.1.0/24", "fd00:192:168:1::/64"] },
} satisfies LabInput;

describe("hosts outside", () => {
  test("are reached by pods that masquerade, and reach no pods", async () => {
    lab = load({
      ...outside,
      network: { join: "none", masquerade: true },
      externals: [{ name: "server" }],
    });
    await lab.up();
    expect(ping("out-vm-001-ns01", "192.168.1.100")).toBe(true);
    expect(ping("out-vm-001-ns01", "fd00:192:168:1::64")).toBe(true);
    const { summary, pairs } = await lab.test({ timeoutMs: 1000 });
    expect(summary.failed).toBe(0);
    const from = (name: string, to: string) => pairs.filter((pair) => pair.from === name && pair.to === to);
    expect(from("vm-001-ns01", "server").map(({ reached }) => reached)).toEqual([true, true]);
    expect(from("server", "vm-001-ns01").map(({ reached }) => reached)).toEqual([false, false]);
  });

  test("are reached by pods that masquerade where the LAN's interface is a port of a bridge", async () => {
    lab = load({
      ...outside,
      networks: [
        { name: "a", addresses: { ipv4: "10.1.0.0/16/24" }, join: "none", masquerade: true },
        { name: "b", addresses: { ipv4: "10.2.0.0/16/24" }, join: "l2", masquerade: true },
      ],
      externals: [{ name: "server", addresses: "192.168.1.100/24" }],
    });
    await lab.up();
    expect(ping("out-a-vm-001-ns01", "192.168.1.100")).toBe(true);
    expect(ping("out-b-vm-002-ns01", "192.168.1.100")).toBe(true);
    expect(await reaches(lab)).toBe(true);
  });

  test("with a gateway reach pods by it, and have slow links as others", async () => {
    lab = load({
      ...outside,
      network: { join: "routes" },
      externals: [{ name: "client", number: 9, interface: "lan0", gateway: "vm-002" }],
      links: [{ on: "client", rate: "80mbit", direction: "both" }],
    });
    await lab.up();
    expect(await reaches(lab)).toBe(true);
    const qdisc = (netns: string, dev: string) =>
      Bun.spawnSync(["tc", "-n", netns, "qdisc", "show", "dev", dev]).stdout.toString();
    expect(qdisc("out-client", "lan0")).toContain("tbf");
    expect(qdisc("out-fabric", "client-lan0")).toContain("tbf");
    expect(addresses("out-client", "lan0")).toEqual(["192.168.1.9/24", "fd00:192:168:1::9/64"]);
  });

  test("that are left out of the file go", async () => {
    lab = load({ ...outside, externals: [{ name: "server" }] });
    await lab.up();
    await load(outside).up();
    expect(ip<Shown>("-n", "out-fabric", "link", "show").map(({ ifname }) => ifname)).not.toContain("server-eth0");
    expect(Bun.spawnSync(["ip", "netns", "list"]).stdout.toString()).not.toContain("out-server");
  });
});

describe.skipIf(noVlan)("VLANs (needs CONFIG_VLAN_8021Q)", () => {
  test("masters and VLAN devices are up, frames on the wire are tagged, and the VLANs are apart", async () => {
    lab = example("dual-bridges-vlan");
    await lab.up();
    const node = "dual-bridges-vlan-vm-001";
    expect(link(node, "eth2")).toMatchObject({ operstate: "UP" });
    expect(link(node, "eth2")).not.toHaveProperty("master");
    expect(link(node, "eth2.100")).toMatchObject({
      link: "eth2",
      master: "br2",
      operstate: "UP",
      linkinfo: { info_kind: "vlan", info_data: { protocol: "802.1Q", id: 100 } },
    });
    expect(link(node, "eth2.200")).toMatchObject({ master: "br3", linkinfo: { info_data: { id: 200 } } });
    expect(addresses("dual-bridges-vlan-vm-202-eth3.100", "eth3.100")).toEqual([
      "172.16.0.100/24",
      "1000::1:ac10:64/120",
    ]);
    expect((await lab.up()).ops).toEqual([]);
    expect(await reaches(lab)).toBe(true);
    const wire = await capture("dual-bridges-vlan-fabric", "br-net3", "icmp or icmp6 or vlan");
    expect(ping("dual-bridges-vlan-br2-vm-001-ns02", "172.16.0.100")).toBe(true);
    await eventually("the answer is heard", () => wire.lines().some((line) => line.includes("echo reply")));
    const echoes = (await wire.stop()).filter((line) => line.includes("ICMP echo"));
    expect(echoes.filter((line) => !line.includes("vlan 100"))).toEqual([]);
  });

  test("a VLAN of its own carries routes", async () => {
    lab = load({
      name: "tag",
      nodes: 2,
      pods: 1,
      underlay: {
        lans: [{ name: "trunk" }, { name: "blue", prefixes: "10.9.0.0/24", vlan: 7, on: "trunk" }],
      },
      addresses: { ipv4: "172.16.0.0/16/24" },
      network: { join: { kind: "routes", lan: "blue" } },
    });
    await lab.up();
    expect(addresses("tag-vm-001", "eth1.7")).toEqual(["10.9.0.1/24"]);
    expect(await reaches(lab)).toBe(true);
  });
});
