/** `netloom pods …`, whole: on one node, with `ip` as the witness, and on two that are joined. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { PodNode, address, cable } from "./pod-node.ts";
import { type Said } from "./sandbox.ts";

const program = `${import.meta.dir}/../../bin/netloom`;

let one: PodNode;
let two: PodNode;
beforeAll(async () => {
  one = await PodNode.start("vm-001", { NPODS: "2", NO_COLOR: "1" });
  two = await PodNode.start("vm-002", { NPODS: "2" });
  cable(one, "eth1", two, "eth1");
  address(one, 1);
  address(two, 2);
});
afterAll(async () => Promise.all([one[Symbol.asyncDispose](), two[Symbol.asyncDispose]()]));
afterEach(() => {
  for (const node of [one, two]) node.must(program, "pods", "delete", "--all");
});

const pods = (...words: readonly string[]): Said => one.run(program, "pods", ...words);
const namespaces = (): readonly string[] => one.must("ls", "/run/netns").split("\n").filter(Boolean);
const links = (...where: readonly string[]): readonly string[] =>
  one
    .json<readonly { readonly ifname: string }[]>("ip", ...where, "-j", "link")
    .map(({ ifname }) => ifname)
    .toSorted();
const inside = (pod: string, ...words: readonly string[]): string => one.must("ip", "-n", pod, ...words);

/** It fails with this code, and says that. */
function refused(code: number, says: string, ...words: readonly string[]): void {
  const { stdout, stderr, code: was } = pods(...words);
  expect([words, was, stdout, stderr]).toEqual([words, code, "", expect.stringContaining(says)]);
  expect(stderr).toStartWith("netloom: ");
}

describe("create", () => {
  test("namespaces with a host name, joined, with addresses; the second time unchanged", () => {
    expect(pods("create")).toEqual({ code: 0, stdout: "", stderr: expect.stringMatching(/^\d+ changes\n$/) });
    expect(namespaces()).toEqual(["vm-001-ns01", "vm-001-ns02"]);
    expect(inside("vm-001-ns02", "-br", "addr", "show", "eth0")).toMatch(/172\.16\.1\.2\/24 1000::1:ac10:102\/120/);
    expect(one.must("ip", "-d", "link", "show", "vm-001-ns02")).toContain("netloom:host.pods");
    expect(pods("create", "2").stderr).toBe("unchanged\n");
  });

  test("more, other and bare ones, each change said with --verbose", () => {
    const said = pods("create", "2", "--first", "11", "--bare", "--verbose").stderr;
    expect(said).toContain("ip netns add vm-001-ns11");
    expect(said).toEndWith("2 changes\n");
    expect(namespaces()).toEqual(["vm-001-ns11", "vm-001-ns12"]);
    expect(links("-n", "vm-001-ns11")).toEqual(["lo"]);
  });

  test("--bridge is made and is the gateway; flags beat variables", () => {
    const words = ["--bridge", "br5", "--gateway-host", "254", "--mtu", "1400", "--template", "10.0.0.0/8/24"];
    expect(pods("create", "1", ...words, "--family", "4", "--interface", "net1").code).toBe(0);
    expect(one.must("ip", "-br", "addr", "show", "br5")).toContain("10.0.1.254/24");
    expect(one.must("ip", "-br", "link", "show", "master", "br5")).toStartWith("vm-001-ns01@");
    expect(inside("vm-001-ns01", "-o", "addr", "show", "net1")).toMatch(/^[^\n]*inet 10\.0\.1\.1\/24[^\n]*\n$/);
    expect(inside("vm-001-ns01", "link", "show", "net1")).toContain("mtu 1400");
    expect(inside("vm-001-ns01", "route")).toContain("default via 10.0.1.254 dev net1");
  });

  test("--node names pods by a number, whatever the host is called; --name-prefix means net 0", () => {
    expect(pods("create", "1", "--node", "7").code).toBe(0);
    expect(inside("vm-007-ns01", "-br", "addr")).toContain("172.16.7.1/24");
    expect(pods("create", "1", "--name-prefix", "br2-").code).toBe(0);
    expect(inside("br2-vm-001-ns01", "-br", "addr")).toContain("172.16.0.1/24");
  });

  test("--random gives numbers of the shuffled list", () => {
    refused(1, "netloom addr shuffle --seed SEED --write /etc/rnd-addresses", "create", "--random");
    expect(namespaces()).toEqual([]);
    one.shuffle();
    expect(pods("create", "1", "--random").code).toBe(0);
    expect(inside("vm-001-ns01", "-br", "addr")).toContain("172.16.0.6/24");
    one.must("rm", "/etc/rnd-addresses");
  });

  test.each([
    ["many", "many: give one whole number from 0 to 65536"],
    ["200000", "200000: give one whole number from 0 to 65536"],
    ["65537", "65537: give one whole number from 0 to 65536"],
    ["255", "pod vm-001-ns255 would have 172.16.1.255, the broadcast address of 172.16.1.0/24"],
  ])("%s pods are a wrong count, and nothing is made", (count, says) => {
    refused(2, says, "create", count);
    expect(namespaces()).toEqual([]);
  });

  test("a failure undoes what was done, and only that", () => {
    pods("create", "1");
    refused(2, "host 256 does not fit", "create", "2", "--first", "256");
    expect(namespaces()).toEqual(["vm-001-ns01"]);
    expect(links()).toEqual(["eth1", "lo", "vm-001-ns01"]);
    one.must("ip", "netns", "add", "vm-001-ns03");
    refused(8, "the namespace vm-001-ns03 exists and carries no owner's tag", "create", "3");
    expect(namespaces()).toEqual(["vm-001-ns01", "vm-001-ns03"]);
    one.must("ip", "netns", "del", "vm-001-ns03");
  });
});

describe("list and status", () => {
  test("none, some, and one that does not work", () => {
    expect(pods("list")).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("there are no pods") });
    pods("create", "--bridge", "br0");
    expect(pods("list").stdout).toMatch(/^vm-001-ns01 +up +eth0 +172\.16\.1\.1\/24 1000::1:ac10:101\/120 +br0$/m);
    expect(pods("list", "-o", "name").stdout).toBe("vm-001-ns01\nvm-001-ns02\n");
    expect(JSON.parse(pods("list", "-o", "json", "vm-001-ns02").stdout)).toMatchObject({
      schemaVersion: 1,
      pods: [
        {
          name: "vm-001-ns02",
          state: "up",
          bridge: "br0",
          gateways: ["172.16.1.0", "1000::1:ac10:100"],
          interfaces: [{ name: "eth0", kind: "veth", mtu: 1500, addresses: ["172.16.1.2/24", "1000::1:ac10:102/120"] }],
        },
      ],
    });
    expect(pods("status").code).toBe(0);
    expect(pods("status", "vm-001-ns01", "nix")).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/^nix +missing/m),
    });
    inside("vm-001-ns02", "link", "set", "eth0", "down");
    expect(pods("status")).toMatchObject({ code: 4, stdout: expect.stringMatching(/^vm-001-ns02 +down/m) });
    expect(pods("list").code).toBe(0);
  });
});

describe("delete", () => {
  test("these, or all that was made, and nothing else", () => {
    pods("create", "--bridge", "br0");
    one.must("ip", "link", "add", "mine", "type", "bridge");
    one.must("ip", "netns", "add", "mine");
    expect(pods("delete", "vm-001-ns01", "nix")).toMatchObject({ code: 0, stderr: "1 change\n" });
    expect(namespaces()).toEqual(["mine", "vm-001-ns02"]);
    refused(8, "the namespace mine exists", "delete", "vm-001-ns02", "mine");
    expect(namespaces()).toEqual(["mine", "vm-001-ns02"]);
    for (const words of [[], ["--all", "vm-001-ns02"]]) refused(2, "name pods, or say --all", "delete", ...words);
    expect(pods("delete", "--all").code).toBe(0);
    expect([namespaces(), links()]).toEqual([["mine"], ["eth1", "lo", "mine"]]);
    expect(pods("delete", "--all").stderr).toBe("unchanged\n");
    one.must("ip", "link", "delete", "mine");
    one.must("ip", "netns", "del", "mine");
  });
});

describe("names", () => {
  test("never lead out of the folders of pods", () => {
    one.must("sh", "-c", "echo kept >/etc/kept; ln -s /etc/kept /run/kept");
    for (const name of ["../../etc/kept", "../kept", "..", ".", ""]) {
      for (const words of [["delete"], ["status"], ["exec"]])
        refused(2, `there can be no namespace ${JSON.stringify(name)} in /run/netns: `, ...words, name);
      expect(one.pods("exec", name, "true")).toMatchObject({ code: 1, stdout: "" });
    }
    expect([one.must("cat", "/etc/kept", "/run/kept"), namespaces()]).toEqual(["kept\nkept\n", []]);
  });

  test("of files that are no pods' are refused, and the files stay", () => {
    pods("create", "--bare", "1");
    one.must(
      "sh",
      "-c",
      "cd /run/netns; echo text >text; mkdir folder; ln -s /etc/hosts link; echo text >../utsns/uts",
    );
    for (const name of ["text", "folder", "link", "uts"])
      refused(8, `ns/${name} is not a file that netloom made`, "delete", "vm-001-ns01", name);
    one.must("sh", "-c", "cd /run/netns; mv text vm-001-ns02; touch vm-001-ns03");
    refused(8, "/run/netns/vm-001-ns02 is not a file that netloom made", "create", "--bare", "3");
    expect(namespaces()).toEqual(["folder", "link", "vm-001-ns01", "vm-001-ns02", "vm-001-ns03"]);
    one.must("sh", "-c", "cd /run/netns; rm -r folder link vm-001-ns02 ../utsns/uts");
    expect(pods("create", "--bare", "3").code).toBe(0);
  });
});

describe("exec", () => {
  test("words, name, devices, folder, variables and exit code are the command's own", () => {
    pods("create", "1");
    expect(pods("exec", "vm-001-ns01", "--", "printf", "%s.", "a  b", "", "--all").stdout).toBe("a  b..--all.");
    expect(pods("exec", "vm-001-ns01", "ls", "/sys/class/net").stdout).toBe("eth0\nlo\n");
    const script = "hostname; echo $A $PWD; exit 3";
    const said = pods("exec", "--env", "A=b c", "--cwd", "/proc", "vm-001-ns01", "--", "sh", "-c", script);
    expect([said.code, said.stdout]).toEqual([3, "vm-001-ns01\nb c /proc\n"]);
    const shell = `echo hostname | ${program} pods exec vm-001-ns01`;
    expect(one.run("sh", "-c", shell).stdout).toBe("vm-001-ns01\n");
    const slow = `${program} pods exec --timeout 0.3s vm-001-ns01 sleep 60; echo $?`;
    expect(one.run("sh", "-c", slow).stdout).toBe("142\n");
    refused(5, "there is no pod vm-001-ns09\n  'netloom pods list'", "exec", "vm-001-ns09", "true");
    refused(127, "no-such-program: not found", "exec", "vm-001-ns01", "no-such-program");
    refused(126, "/etc: ", "exec", "vm-001-ns01", "/etc");
    refused(2, "--env A: give NAME=VALUE", "exec", "--env", "A", "vm-001-ns01", "true");
    refused(2, "name a pod", "exec");
  });
});

describe("on two nodes", () => {
  const both = (...words: readonly string[]): void => {
    for (const node of [one, two]) node.must(program, "pods", ...words);
  };

  test("connect, join by routes, ping; the second time unchanged; a pod cut off fails", () => {
    both("create");
    both("connect");
    both("join", "--forward", "--nodes", "2");
    expect(one.must("ip", "route")).toContain("172.16.2.0/24 via 192.168.1.2 dev eth1 proto 78");
    expect(one.must("ip", "-6", "route")).toContain("1000::1:ac10:200/120 via 1000::1:c0a8:102 dev eth1 proto 78");
    expect(one.must("cat", "/proc/sys/net/ipv6/conf/all/forwarding")).toBe("1\n");
    expect(pods("ping", "--nodes", "2")).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(one.pings("172.16.2.2", { from: "vm-001-ns01" })).toBe(true);
    for (const words of [["connect"], ["join", "--forward", "--nodes", "2"]])
      expect([words, pods(...words).stderr]).toEqual([words, "unchanged\n"]);
    two.must("ip", "-n", "vm-002-ns02", "link", "set", "eth0", "down");
    const said = one.runWith({ __timeout: "1" }, program, "pods", "ping", "--nodes", "2");
    expect([said.code, said.stderr]).toEqual([
      4,
      expect.stringMatching(/^netloom: ping 172\.16\.2\.2.*, 1000::1:ac10:202[^,]*: no answer$/m),
    ]);
    pods("delete", "--all");
    for (const family of ["-4", "-6"]) expect(one.must("ip", family, "route", "show", "proto", "78")).toBe("");
  });

  test("an overlay, and what is between the nodes is named where it is missing", () => {
    refused(5, "this node has no link eth7", "join", "--by", "vxlan", "--net", "7");
    refused(1, "over net 9: give an interface of this node 192.168.9.1/24", "join", "--nodes", "2", "--net", "9");
    both("create", "--bridge", "br0");
    both("join", "--by", "vxlan", "--forward", "--nodes", "2");
    expect(one.must("ip", "-d", "link", "show", "vxlan6")).toMatch(/mtu 1430[^]*vxlan external/);
    expect(pods("ping", "--nodes", "2").code).toBe(0);
    expect(inside("vm-001-ns01", "route")).toContain("mtu 1430");
  });

  test("what can be no port of a bridge is refused, and nothing is left", () => {
    pods("create");
    refused(
      8,
      "lo cannot be a port of br0: it is the loopback device\n  name the interface",
      "connect",
      "--device",
      "lo",
    );
    refused(8, "br0 cannot be a port of br0: it is a bridge itself", "connect", "--device", "br0");
    expect(links()).toEqual(["eth1", "lo", "vm-001-ns01", "vm-001-ns02"]);
  });

  test("connect with the machine's interface: the bridge has its addresses", () => {
    refused(5, "this node has no link vm-001-ns01", "connect", "1");
    both("create");
    for (const words of [
      ["connect", "--device", "eth9"],
      ["connect", "--bridge", ""],
    ]) {
      expect(pods(...words).code).not.toBe(0);
      expect(links()).toEqual(["eth1", "lo", "vm-001-ns01", "vm-001-ns02"]);
    }
    both("connect", "--device", "eth1");
    expect(one.must("ip", "-o", "addr", "show", "eth1")).toBe("");
    expect(one.must("ip", "-o", "addr", "show", "br0")).toContain("192.168.1.1/24");
    expect(one.must("ip", "-6", "-o", "addr", "show", "br0")).toContain("1000::1:c0a8:101/120");
    expect(one.pings("192.168.1.2")).toBe(true);
  });
});

describe("an ordinary user", () => {
  const asked: readonly (readonly string[])[] = [
    ["create", "1"],
    ["list"],
    ["delete", "--all"],
    ["connect", "1"],
    ["join"],
    ["ping"],
    ["exec", "vm-001-ns01", "--", "true"],
  ];
  test.each(asked.map((words) => ({ words })))("is told who may: $words", ({ words }) => {
    pods("create", "1");
    const user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    const native = one.run(...user, program, "pods", ...words);
    expect([native.code, native.stderr]).toEqual([
      6,
      expect.stringMatching(/\(E(PERM|ACCES)\b[^]*\n {2}run it as root: pods/),
    ]);
    expect(native.stderr).not.toContain("user namespace");
    if (["connect", "join", "ping"].includes(words[0] ?? "")) return;
    const original = one.run(...user, program, "netns_test", ...words.filter((word) => word !== "--"));
    expect([original.code, original.stderr]).toEqual([1, expect.stringContaining("\n  run it as root: pods")]);
  });

  test("and root without its capabilities what is missing", () => {
    const list = "-net_admin,-sys_admin";
    const said = one.run("setpriv", `--bounding-set=${list}`, `--inh-caps=${list}`, program, "pods", "create", "1");
    expect([said.code, said.stderr]).toEqual([6, expect.stringContaining("root needs CAP_NET_ADMIN")]);
  });
});
