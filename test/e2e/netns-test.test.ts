/** `netns_test` on one node, with `ip` as the witness. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { PodNode } from "./pod-node.ts";

const program = `${import.meta.dir}/../../bin/netloom`;

interface Link {
  readonly ifname: string;
  readonly mtu: number;
  readonly operstate: string;
  readonly master?: string;
  readonly flags: readonly string[];
  readonly inet6_addr_gen_mode?: string;
  readonly linkinfo?: { readonly info_kind?: string; readonly info_slave_data?: Readonly<Record<string, unknown>> };
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number; readonly scope: string }[];
}

let node: PodNode;
beforeAll(async () => void (node = await PodNode.start("vm-001", { NPODS: "2" })));
afterAll(async () => node[Symbol.asyncDispose]());

const links = (...where: readonly string[]): readonly Link[] => node.json("ip", ...where, "-j", "-d", "addr");
const link = (name: string, ...where: readonly string[]): Link | undefined =>
  links(...where).find(({ ifname }) => ifname === name);
const addressesOf = (one: Link | undefined): readonly string[] =>
  (one?.addr_info ?? []).map(({ local, prefixlen }) => `${local}/${prefixlen}`);
const sysctl = (key: string): string => node.must("cat", `/proc/sys/net/ipv6/conf/${key}`).trim();
const mounts = (): number =>
  node
    .must("cat", "/proc/self/mountinfo")
    .split("\n")
    .filter((line) => line.includes("ns0")).length;
const pods = (): readonly string[] =>
  node
    .must("ls", "/run/netns")
    .split("\n")
    .filter((name) => name !== "");

describe("a node with two pods", () => {
  test("create: a network namespace and a host name each, one mount of either", () => {
    node.do("create");
    expect(pods()).toEqual(["vm-001-ns01", "vm-001-ns02"]);
    expect(node.must("ip", "netns", "exec", "vm-001-ns01", "ip", "-br", "link", "show", "lo")).toContain("UNKNOWN");
    expect(node.must("stat", "-f", "-c", "%T", "/run/utsns/vm-001-ns01").trim()).toBe("nsfs");
    expect(mounts()).toBe(4);
  });

  test("veth: named like the pod, silent, both ends up, also with a link called host", () => {
    node.must("ip", "link", "add", "host", "type", "veth", "peer", "name", "other");
    node.do("veth");
    const detail = (...where: readonly string[]): readonly unknown[] => node.json("ip", ...where);
    const outer = link("vm-001-ns01");
    const seen = { mtu: 1500, inet6_addr_gen_mode: "none", linkinfo: { info_kind: "veth" } };
    expect(detail("-j", "-d", "link", "show", "vm-001-ns01")).toMatchObject([seen]);
    expect(detail("-n", "vm-001-ns01", "-j", "-d", "link", "show", "eth0")).toMatchObject([seen]);
    expect(outer?.flags).toContain("UP");
    const inner = link("eth0", "-n", "vm-001-ns01");
    expect(inner?.addr_info).toEqual([]);
    expect(inner?.flags).toContain("LOWER_UP");
    for (const key of ["vm-001-ns01/accept_dad", "vm-001-ns01/accept_ra"]) expect(sysctl(key)).toBe("0");
    const conf = "/proc/sys/net/ipv6/conf/eth0";
    const read = `cat ${conf}/accept_dad ${conf}/accept_ra`;
    const inside = node.must("ip", "netns", "exec", "vm-001-ns01", "sh", "-c", read);
    expect(inside).toBe("0\n0\n");
    node.must("ip", "link", "delete", "host");
  });

  test("addresses, bridge and default routes", () => {
    node.do("assign_addresses");
    node.do("tcase_linux_bridge");
    node.do("tcase_default_route");
    expect(addressesOf(link("eth0", "-n", "vm-001-ns02"))).toEqual(["172.16.1.2/24", "1000::1:ac10:102/120"]);
    expect(addressesOf(link("br0"))).toEqual(expect.arrayContaining(["172.16.1.0/24", "1000::1:ac10:100/120"]));
    const ports = links().filter(({ master }) => master === "br0");
    expect(ports.map(({ ifname }) => ifname)).toEqual(["vm-001-ns01", "vm-001-ns02"]);
    expect(node.must("ip", "-n", "vm-001-ns01", "route")).toContain("default via 172.16.1.0 dev eth0");
    expect(node.must("ip", "-n", "vm-001-ns01", "-6", "route")).toContain("default via 1000::1:ac10:100 dev eth0");
    expect(sysctl("br0/accept_dad")).toBe("0");
    for (const host of ["172.16.1.1", "172.16.1.2", "1000::1:ac10:101", "1000::1:ac10:102"])
      expect(node.pings(host)).toBe(true);
    const said = node.pods("tcase_bridge_ping");
    expect(said.code).toBe(0);
    expect(said.stdout).toMatch(/^ {2}\d\d:\d\d:\d\d \(vm-001\): TEST CASE: /);
    expect(said.stderr).toBe(said.stdout);
    expect(node.pings("172.16.1.2", { from: "vm-001-ns01" })).toBe(true);
  });

  test("repeated, each is unchanged", () => {
    const state = (): string =>
      ["-n vm-001-ns01 -j addr", "-n vm-001-ns01 -j route", "-n vm-001-ns01 -6 -j route", "-j addr", "-j route"]
        .map((words) => node.must("ip", ...words.split(" ")).replaceAll(/"(valid|preferred)_life_time":\d+,?/g, ""))
        .join("\n");
    const before = state();
    for (const command of ["create", "veth", "assign_addresses", "tcase_linux_bridge", "tcase_default_route"]) {
      const said = JSON.parse(node.do(command, "--json")) as { readonly changes: readonly string[] };
      expect([command, said.changes]).toEqual([command, []]);
    }
    expect(state()).toBe(before);
  });

  test("a ping that is not answered fails, naming who was silent", () => {
    node.must("ip", "-n", "vm-001-ns02", "link", "set", "eth0", "down");
    const said = node.pods("tcase_bridge_ping", "--timeout=1");
    expect(said.code).toBe(1);
    expect(said.stderr).toMatch(/^FAILED: ping 172\.16\.1\.2.*, 1000::1:ac10:102/m);
    expect(said.stderr).not.toContain("172.16.1.1 ");
    const status = node.pods("status", "2");
    expect(status.code).toBe(1);
    expect(status.stderr).toContain("vm-001-ns02 is down");
    node.do("veth");
    expect(node.pods("status", "2").code).toBe(0);
  });

  test("list and status as data", () => {
    expect(JSON.parse(node.do("list", "--json"))).toMatchObject({ pods: ["vm-001-ns01", "vm-001-ns02"] });
    expect(JSON.parse(node.do("status", "--json"))).toMatchObject({
      pods: [
        {
          name: "vm-001-ns01",
          state: "up",
          bridge: "br0",
          interfaces: [{ name: "eth0", kind: "veth", addresses: ["172.16.1.1/24", "1000::1:ac10:101/120"] }],
        },
        { name: "vm-001-ns02" },
      ],
    });
  });

  test("exec keeps words as they are, and the pod's name, devices and exit code", () => {
    const inside = (...words: readonly string[]) => node.pods("exec", ...words);
    expect(inside("vm-001-ns01", "hostname").stdout).toBe("vm-001-ns01\n");
    expect(inside("vm-001-ns01", "sh", "-c", "echo a b").stdout).toBe("a b\n");
    expect(inside("vm-001-ns01", "--", "printf", "%s.", "a  b", "", "c").stdout).toBe("a  b..c.");
    expect(inside("vm-001-ns01", "ls", "/sys/class/net").stdout).toBe("eth0\nlo\n");
    expect(inside("--env=A=b c", "--cwd=/proc", "vm-001-ns01", "sh", "-c", "echo $A $PWD").stdout).toBe("b c /proc\n");
    const slow = `${program} netns_test exec --timeout=0.3 vm-001-ns01 sleep 60; echo $?`;
    expect(node.run("sh", "-c", slow).stdout).toBe("142\n");
    expect(inside("--timeout=60", "vm-001-ns01", "true").code).toBe(0);
    expect(inside("--timeout=soon", "vm-001-ns01", "true")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--timeout=SECONDS"),
    });
    expect(inside("vm-001-ns01", "false").code).toBe(1);
    expect(inside("vm-001-ns01", "no-such-program")).toMatchObject({ code: 127 });
    const unknown = inside("vm-001-ns09", "true");
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("vm-001-ns09")]);
  });

  test("delete takes away what was made, and twice is fine", () => {
    node.do("delete", "1", "2");
    expect(pods()).toEqual(["vm-001-ns01"]);
    expect(link("vm-001-ns02")).toBeUndefined();
    node.do("delete", "--all");
    expect(pods()).toEqual([]);
    expect(node.must("ls", "/run/utsns")).toBe("");
    expect(mounts()).toBe(0);
    expect(links().map(({ ifname }) => ifname)).toEqual(["lo"]);
    node.do("delete");
    node.do("delete", "--all");
  });
});

describe("refusals", () => {
  const refused = (env: Readonly<Record<string, string>>, ...args: readonly string[]): string => {
    const { code, stderr, stdout } = node.podsWith(env, ...args);
    expect([args.join(" "), code, stdout]).toEqual([args.join(" "), 1, ""]);
    expect(stderr).toStartWith("ERROR: ");
    return stderr;
  };

  test("a name of 16 characters, before anything is made", () => {
    expect(refused({ NAME_PREFIX: "abcde" }, "create")).toMatch(/abcdevm-001-ns01.*15/);
    expect(refused({}, "create", "1", "9999999")).toContain("15");
    expect(pods()).toEqual([]);
  });

  test("an odd host name, but for --node", () => {
    node.must("hostname", "odd");
    try {
      expect(refused({}, "create")).toContain("--node=N");
      expect(pods()).toEqual([]);
      node.do("create", "--node=7", "1");
      node.do("veth", "--node=7", "1");
      node.do("assign_addresses", "--node=7", "1");
      expect(addressesOf(link("eth0", "-n", "odd-ns01"))).toEqual(["172.16.7.1/24", "1000::1:ac10:701/120"]);
      node.do("delete", "--all");
    } finally {
      node.must("hostname", "vm-001");
    }
  });

  test("unknown commands, options and words", () => {
    expect(refused({}, "nosuch")).toBe("ERROR: Invalid command [nosuch]\n");
    expect(refused({}, "tcase_nosuch")).toBe("ERROR: Invalid command [tcase_nosuch]\n");
    expect(refused({}, "create", "--random")).toContain("create has no option --random");
    expect(refused({}, "create", "many")).toContain("many");
    expect(refused({}, "connect_to_bridge")).toBe("ERROR: Param missing\n");
    expect(refused({}, "assign_bridge_address")).toBe("ERROR: Param missing\n");
    expect(refused({}, "add_ipvlan")).toBe("ERROR: Param missing\n");
    expect(refused({}, "tcase_xbridge")).toBe("ERROR: Parameter missing\n");
    expect(refused({}, "exec")).toBe("ERROR: No pod\n");
    expect(refused({}, "assign_bridge_address", "--gateway-host=2", "lo")).toContain("it is pod 2 of this node");
    expect(refused({ NPODS: "x" }, "create")).toContain("NPODS");
    expect(refused({ ADRTEMPLATE: "bogus" }, "assign_addresses")).toContain("ADRTEMPLATE");
    expect(node.pods().code).toBe(0);
    expect(node.pods("-h").stdout).toContain("tcase_linux_bridge");
  });

  test("what is somebody else's stays", () => {
    node.must("ip", "netns", "add", "vm-001-ns01");
    node.must("ip", "link", "add", "br0", "type", "bridge");
    try {
      expect(refused({}, "create")).toContain("vm-001-ns01 exists");
      expect(refused({}, "delete")).toContain("vm-001-ns01 exists");
      expect(node.podsWith({}, "tcase_linux_bridge")).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("a bridge that netloom did not make"),
      });
      expect(pods()).toEqual(["vm-001-ns01"]);
      expect(node.do("list")).toBe("");
    } finally {
      node.must("ip", "netns", "del", "vm-001-ns01");
      node.must("ip", "link", "delete", "br0");
    }
  });

  test("a failure undoes what the command did, and only that", () => {
    node.do("create");
    node.do("veth", "1");
    node.must("ip", "link", "add", "vm-001-ns02", "type", "bridge");
    try {
      expect(refused({}, "veth")).toMatch(/this node has a bridge vm-001-ns02/);
      expect(link("vm-001-ns01")?.linkinfo?.info_kind).toBe("veth");
      // The third is refused by the kernel, after two were made.
      node.must("ip", "netns", "add", "vm-001-ns05");
      expect(refused({}, "create", "3", "3")).toContain("vm-001-ns05");
      expect(pods()).toEqual(["vm-001-ns01", "vm-001-ns02", "vm-001-ns05"]);
      node.must("ip", "link", "delete", "vm-001-ns02");
      expect(node.podsWith({ PODIF: "lo" }, "tcase_create_with_addresses", "2", "2")).toMatchObject({ code: 1 });
      expect(pods()).toEqual(["vm-001-ns01", "vm-001-ns02", "vm-001-ns05"]);
      expect(link("vm-001-ns02")).toBeUndefined();
    } finally {
      node.do("delete", "--all");
      node.must("ip", "netns", "del", "vm-001-ns05");
    }
  });
});

describe("other names, addresses and sizes", () => {
  test.each(["hostname", "net1"])("PODIF=%s", (name) => {
    node.podsWith({ PODIF: name }, "tcase_create_with_addresses", "1");
    const inside = name === "hostname" ? "vm-001-ns01" : name;
    expect(addressesOf(link(inside, "-n", "vm-001-ns01"))).toContain("172.16.1.1/24");
    node.do("delete", "--all");
  });

  test("--mtu, --family, --gateway-host and BR", () => {
    node.do("create");
    node.do("veth", "--mtu=1400");
    node.do("assign_addresses", "--family=4");
    expect(node.podsWith({ BR: "br9" }, "tcase_linux_bridge", "--gateway-host=254").code).toBe(0);
    expect(node.podsWith({ BR: "br9" }, "tcase_default_route").code).toBe(0);
    expect(link("vm-001-ns01")).toMatchObject({ mtu: 1400, master: "br9" });
    expect(link("eth0", "-n", "vm-001-ns01")).toMatchObject({ mtu: 1400 });
    expect(addressesOf(link("eth0", "-n", "vm-001-ns01"))).toEqual(["172.16.1.1/24"]);
    expect(node.must("ip", "-n", "vm-001-ns01", "route")).toContain("default via 172.16.1.254");
    const missing = node.podsWith({ BR: "br8" }, "tcase_default_route");
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("no link br8")]);
    node.do("delete", "--all");
  });

  test("two at once make every pod", async () => {
    const both = await Promise.all(
      [1, 3].map(async (first) => {
        const words = ["nsenter", "-t", String(node.pid), "-n", "-m", "-u", "--", program];
        const run = Bun.spawn([...words, "netns_test", "tcase_create_with_addresses", "2", String(first)], {
          stdin: "ignore",
          stdout: "ignore",
          stderr: "pipe",
          env: { ...process.env, NPODS: "4" },
        });
        return [await run.exited, await run.stderr.text()] as const;
      }),
    );
    for (const [code, stderr] of both) expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect(pods()).toEqual(["vm-001-ns01", "vm-001-ns02", "vm-001-ns03", "vm-001-ns04"]);
    expect(JSON.parse(node.do("status", "4", "--json"))).toMatchObject({ ok: true });
    node.do("delete", "--all");
  });
});

describe("shuffled addresses", () => {
  test("without a list they are refused, and with one each pod has its own", () => {
    expect(node.podsWith({}, "assign_addresses", "--random").stderr).toContain("/etc/rnd-addresses");
    node.shuffle();
    node.do("create");
    node.do("veth");
    node.do("assign_addresses");
    for (let again = 0; again < 2; again++) node.do("assign_addresses", "--random", "--nvm=4");
    expect(addressesOf(link("eth0", "-n", "vm-001-ns02"))).toEqual([
      "172.16.1.2/24",
      "172.16.0.46/24",
      "1000::1:ac10:2e/120",
      "1000::1:ac10:102/120",
    ]);
  });

  test("a list that is too short is refused with the numbers", () => {
    const said = node.podsWith({ __nvm: "8", NPODS: "31" }, "assign_addresses", "--random", "1");
    expect([said.code, said.stderr]).toEqual([1, expect.stringContaining("256")]);
    node.do("delete", "--all");
  });
});
