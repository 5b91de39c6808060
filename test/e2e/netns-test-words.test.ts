/** `netns_test`: counts and options where they may stand, what it needs of a machine, and what it leaves there. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { eventually } from "../eventually.ts";
import { PodNode, address } from "./pod-node.ts";

const main = join(import.meta.dir, "../../src/cli/main.ts");

let node: PodNode;
beforeEach(async () => void (node = await PodNode.start("vm-001", { NPODS: "2", __nvm: "2" })));
afterEach(async () => node[Symbol.asyncDispose]());

const inside = (pod: string, ...words: readonly string[]): string => node.must("ip", "-n", pod, ...words);
const pods = (): readonly string[] => node.must("ls", "/run/netns").split("\n").filter(Boolean);
const ports = (bridge: string): readonly string[] =>
  node
    .must("ip", "-br", "link", "show", "master", bridge)
    .split("\n")
    .map((line) => line.split(/[ @]/, 1)[0] ?? "")
    .filter(Boolean);
/** What plugins answered; a checkout may be in /tmp as well. */
const results = (): readonly string[] =>
  node
    .must("ls", "/tmp")
    .split("\n")
    .filter((name) => name.endsWith(".json"));
/** An interface of the node whose cable ends on the node itself. */
const wire = (name: string): string => node.must("ip", "link", "add", name, "type", "veth", "peer", "name", `${name}p`);

describe("count and first", () => {
  test("are counted from their place in each command, and --random heeds them", () => {
    node.shuffle();
    node.do("create");
    node.do("veth");
    node.do("assign_addresses", "1", "2");
    expect(inside("vm-001-ns01", "-o", "addr", "show", "eth0")).toBe("");
    node.do("assign_addresses", "1");
    node.do("assign_addresses", "--random", "1", "2");
    expect(inside("vm-001-ns01", "-o", "addr", "show", "eth0")).not.toContain("172.16.0.");
    expect(inside("vm-001-ns02", "-o", "addr", "show", "eth0")).toContain("172.16.0.73/24");
    node.must("ip", "link", "add", "br7", "type", "bridge");
    node.do("connect_to_bridge", "br7", "1", "2");
    expect(ports("br7")).toEqual(["vm-001-ns02"]);
    node.do("set_default_route", "x", "1", "2");
    expect(inside("vm-001-ns01", "route")).not.toContain("default");
    expect(inside("vm-001-ns02", "route")).toContain("default via 172.16.1.0 dev eth0 proto static");
    expect(inside("vm-001-ns02", "-6", "route")).toContain("default via 1000::1:ac10:100 dev eth0 proto static");
    node.do("assign_bridge_address", "--random", "br7");
    expect(node.must("ip", "-br", "addr", "show", "br7")).toMatch(/^br7 +\w+ +172\.16\.0\.45\/24 1000::1:ac10:2d\/120/);
    node.do("set_default_route", "--bridge=br7", "x", "1", "2");
    expect(inside("vm-001-ns02", "route")).toContain("default via 172.16.0.45 dev eth0");
  });

  test("the default route is in the place of the old one, and of the families that a pod has", () => {
    node.do("create");
    node.do("veth");
    const bare = node.pods("set_default_route");
    expect([bare.code, bare.stderr]).toEqual([
      1,
      expect.stringContaining("it has no eth0 that is up and has an address"),
    ]);
    node.do("assign_addresses", "--family=6");
    node.do("set_default_route");
    expect(inside("vm-001-ns01", "route")).toBe("");
    node.do("set_default_route", "--gateway-host=9");
    expect(inside("vm-001-ns01", "-6", "route")).toMatch(/^default via 1000::1:ac10:109 [^\n]*\n(?![^]*default)/m);
  });
});

describe("options", () => {
  test("stand anywhere behind the command; changes are said on demand", () => {
    expect(node.do("create", "1", "--verbose", "5")).toBe(
      "ip netns add vm-001-ns05  # netloom:host.pods, hostname vm-001-ns05\n",
    );
    expect(node.do("create", "1", "5", "--verbose")).toBe("");
    expect(node.do("create", "1", "6")).toBe("");
  });

  test("--json is one object on standard output, also of an error and of a test case", () => {
    const said = (...words: readonly string[]): unknown => JSON.parse(node.pods(...words, "--json").stdout);
    expect(said("tcase_version")).toEqual({
      schemaVersion: 1,
      command: "tcase_version",
      ok: true,
      changes: [],
      netloom: expect.stringMatching(/^\d/),
    });
    expect(said("veth", "1")).toEqual({
      schemaVersion: 1,
      command: "veth",
      ok: false,
      error: "there is no pod vm-001-ns01",
      hint: expect.stringContaining("netns_test create"),
    });
    expect(said("nosuch")).toEqual({
      schemaVersion: 1,
      command: "nosuch",
      ok: false,
      error: "Invalid command [nosuch]",
      hint: expect.stringContaining("netns_test help"),
    });
    expect(said("tcase_xbridge", "br2")).toMatchObject({
      ok: false,
      error: "Parameter missing",
      hint: "it is called like this: netns_test tcase_xbridge [--mtu=BYTES] BR IFACE",
    });
    expect(said("list", "3")).toMatchObject({ ok: false, error: 'list takes no words: what is "3"?' });
    expect(said("tcase_create", "1")).toMatchObject({ ok: true, changes: [expect.stringContaining("vm-001-ns01")] });
    expect(said("delete", "--all")).toMatchObject({ deleted: ["vm-001-ns01"] });
  });

  test("are never evaluated, and neither is /etc/profile", () => {
    node.must("sh", "-c", "echo 'NPODS=9; export NPODS' >>/etc/profile");
    expect(node.do("for")).toBe("1\n2\n");
    for (const word of ["--node=$(touch /tmp/x)", "--nvm=`touch /tmp/x`", "--x=1;touch /tmp/x"])
      expect(node.pods("create", word).code).toBe(1);
    expect(node.run("test", "-e", "/tmp/x").code).toBe(1);
    expect(pods()).toEqual([]);
  });

  test("--mtu: of pairs, bridges and children", () => {
    for (const name of ["eth2", "eth3"]) wire(name);
    node.do("tcase_xbridge", "--mtu=1380", "br2", "eth2");
    expect(inside("br2-vm-001-ns01", "link", "show", "eth0")).toContain("mtu 1380");
    node.do("create");
    node.do("add_macvlan", "--mtu=1390", "eth3", "1");
    expect(inside("vm-001-ns01", "link", "show", "eth0")).toContain("mtu 1390");
    for (const command of ["tcase_create_with_addresses", "veth", "tcase_linux_bridge"])
      expect(node.pods(command, "--mtu=1279").stderr).toContain(
        "an MTU of 1279 is too small: IPv6 needs 1280\n  --family=4",
      );
    expect(node.pods("add_macvlan", "--mtu=1279", "eth3").stderr).toContain("IPv6 needs 1280");
    for (const command of ["tcase_create_with_addresses", "tcase_linux_bridge"]) {
      const said = node.podsWith({ NAME_PREFIX: "v4-" }, command, "--family=4", "--mtu=1000", "--json");
      expect([command, said.code, JSON.parse(said.stdout)]).toMatchObject([command, 0, { ok: true }]);
      const again = node.podsWith({ NAME_PREFIX: "v4-" }, command, "--family=4", "--mtu=1000", "--verbose");
      expect(again.stdout.split("\n").slice(1)).toEqual([""]);
    }
    expect(inside("v4-vm-001-ns01", "link", "show", "eth0")).toContain("mtu 1000");
    expect(node.pods("veth", "--mtu=67").stderr).toContain('--mtu "67" is not a whole number from 68 to 65535');
  });

  test("--dev names the node's interface", () => {
    for (const name of ["eth1", "net7"]) wire(name);
    node.do("create", "--nvm=1");
    node.do("veth");
    node.do("tcase_linux_bridge");
    node.do("tcase_attach_eth_to_bridge", "--dev=net7");
    expect(ports("br0")).toEqual(["net7", "vm-001-ns01", "vm-001-ns02"]);
    expect(node.must("ip", "-o", "addr", "show", "br0")).toMatch(/192\.168\.1\.1\/24[^]*1000::1:c0a8:101\/120/);
  });
});

test("host 0 is the gateway where the kernel can have it, whatever its release is called", () => {
  node.must("sh", "-c", "echo 4.18.0-553.el8 >/tmp/release; mount --bind /tmp/release /proc/sys/kernel/osrelease");
  node.podsWith({ NPODS: "0" }, "tcase_linux_bridge");
  expect(node.must("ip", "-br", "addr", "show", "br0")).toContain("172.16.1.0/24");
});

test("a ping is asked again: what comes up meanwhile has answered", async () => {
  node.do("tcase_create_with_addresses");
  node.do("tcase_linux_bridge");
  inside("vm-001-ns02", "link", "set", "eth0", "down");
  const words = ["nsenter", "-t", String(node.pid), "-n", "-m", "-u", "--", process.execPath, main, "netns_test"];
  const ping = Bun.spawn([...words, "tcase_bridge_ping", "--family=4", "--timeout=60", "--retries=60"], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
    env: { ...process.env, NPODS: "2" },
  });
  // Its line in the log comes before the first question.
  expect(new TextDecoder().decode((await ping.stdout.getReader().read()).value)).toContain("TEST CASE");
  const asked = (): number => {
    const [names = [], counts = []] = node
      .must("grep", "^Icmp:", "/proc/net/snmp")
      .split("\n", 2)
      .map((line) => line.split(" "));
    return Number(counts[names.indexOf("OutEchos")]);
  };
  await eventually("the pod that is silent is asked again", () => asked() > 2);
  expect(ping.exitCode).toBe(null);
  inside("vm-001-ns02", "link", "set", "eth0", "up");
  expect(await ping.exited).toBe(0);
});

test("needs no other program", () => {
  const alone = (...words: readonly string[]) =>
    node.run("env", "-i", "PATH=/nonexistent", "NPODS=1", process.execPath, main, "netns_test", ...words);
  for (const command of [
    "tcase_create_with_addresses",
    "tcase_linux_bridge",
    "tcase_default_route",
    "tcase_bridge_ping",
  ])
    expect([command, alone(command)]).toMatchObject([command, { code: 0 }]);
  expect(alone("compute_address", "vm-001-ns01").stdout).toBe("172.16.1.1/24\n1000::1:ac10:101/120\n");
  for (const command of ["cni_bridge_configure", "prerequisites"]) expect(alone(command).code).toBe(0);
  expect(alone("create", "1", "2").code).toBe(0);
  expect(alone("cni_bridge_start", "1", "2")).toMatchObject({ code: 0, stderr: "" });
  expect(alone("delete", "--all").code).toBe(0);
});

test("words that a command has no use for are refused, and nothing is done", () => {
  const refused = (...words: readonly string[]): string => {
    const { code, stderr } = node.pods(...words);
    return `${code} ${stderr.split("\n", 2).join(" ")}`;
  };
  expect(refused("create", "2", "1", "3")).toBe(
    '1 ERROR: create takes 2 words at most: what is "3"?   it is called like this: netns_test create [count] [first]',
  );
  expect(refused("tcase_forward", "2")).toContain('tcase_forward takes no words: what is "2"?');
  expect(refused("assign_bridge_address", "lo", "br0")).toContain('takes one word: what is "br0"?');
  expect(refused("tcase_xnetns", "no1", "no2")).toContain("this node has no link no1");
  expect([pods(), node.must("cat", "/proc/sys/net/ipv4/ip_forward")]).toEqual([[], "0\n"]);
  node.do("create", "1", "", "");
});

test("a name that no pod's interface can have is refused before anything is made, and called by its variable", () => {
  const said = (PODIF: string, command: string): string => node.podsWith({ PODIF }, command).stderr;
  for (const command of ["create", "assign_addresses"]) {
    expect(said("abcdefghijklmnop", command)).toStartWith('ERROR: PODIF: "abcdefghijklmnop" is not an interface name');
    expect(said("lo", command)).toStartWith("ERROR: PODIF: lo is each pod's loopback device\n  write one like eth0");
  }
  node.must("ip", "link", "add", "br0", "type", "veth", "peer", "name", "other");
  const taken = node.podsWith({ NPODS: "0" }, "tcase_linux_bridge").stderr.split("\n").slice(1);
  expect(taken).toEqual([
    "ERROR: cannot make bridge br0: this node has a veth of that name",
    "  choose another name (BR)",
    "",
  ]);
  expect(pods()).toEqual([]);
});

describe("two processes at once", () => {
  const start = (...words: readonly string[]): Bun.Subprocess =>
    Bun.spawn(["nsenter", "-t", String(node.pid), "-n", "-m", "-u", "--", ...words], {
      stdin: "pipe",
      stdout: "ignore",
      stderr: "ignore",
      env: { ...process.env, NPODS: "2" },
    });
  const command = (name: string): Bun.Subprocess => start(process.execPath, main, "netns_test", name);

  test("one waits for the other, so that none finds, or undoes, what the other has half made", async () => {
    const other = start("flock", "/run", "sh", "-c", "echo held >/tmp/held; cat");
    await eventually("the node is held", () => node.run("test", "-s", "/tmp/held").code === 0);
    const waits = command("create");
    // man 5 proc_locks: an arrow stands before a process that waits.
    const isWaiting = new RegExp(`-> FLOCK +ADVISORY +WRITE ${waits.pid} `);
    await eventually("the command waits", () => isWaiting.test(node.must("cat", "/proc/locks")));
    expect(pods()).toEqual([]);
    void (other.stdin as Bun.FileSink).end();
    expect([await other.exited, await waits.exited]).toEqual([0, 0]);
    expect(pods()).toEqual(["vm-001-ns01", "vm-001-ns02"]);
  });

  test("both do what they were asked for, whoever comes first", async () => {
    for (const name of ["tcase_create_with_addresses", "tcase_linux_bridge", "tcase_default_route", "delete"]) {
      const codes = await Promise.all([command(name), command(name), command(name)].map(async (one) => one.exited));
      expect([name, codes]).toEqual([name, [0, 0, 0]]);
    }
  });
});

test("--help of a command is its own, and does nothing", () => {
  expect(node.pods("create", "--help")).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^netns_test create \[count\] \[first\]\n {2}make pods: /),
    stderr: "",
  });
  expect(node.do("tcase_xbridge", "--help")).toStartWith("netns_test tcase_xbridge [--mtu=BYTES] BR IFACE\n");
  expect(node.run("ls", "/run/netns").stdout).toBe("");
});

describe("init", () => {
  const unshare = (name: string): string =>
    `mkdir -p /run/netns /run/utsns; touch /run/netns/${name} /run/utsns/${name}; ` +
    `unshare --net=/run/netns/${name} --uts=/run/utsns/${name} ${process.execPath} ${main} netns_test init`;

  test("makes pods of namespaces that are pinned by that name, as the original's create has it", () => {
    node.do("create", "1", "2");
    node.must("sh", "-c", `ip netns add vm-001-ns01; ${unshare("vm-001-ns01")} vm-001-ns01`);
    expect(inside("vm-001-ns01", "-br", "link", "show", "lo")).toMatch(/^lo +UNKNOWN/);
    expect(node.do("exec", "vm-001-ns01", "hostname")).toBe("vm-001-ns01\n");
    node.do("tcase_create_with_addresses");
    expect(
      node.do("exec", "vm-001-ns01", process.execPath, main, "netns_test", "init", "vm-001-ns01", "--verbose"),
    ).toBe("");
    node.do("delete", "--all");
    expect([pods(), node.must("ls", "/run/utsns")]).toEqual([[], ""]);
  });

  test("is refused anywhere else, and renames nobody", () => {
    node.do("create", "2");
    const outside = "was called outside of the pod vm-001-ns02: the network here is not that of /run/netns/vm-001-ns02";
    const help = "'netns_test create' makes pods";
    for (const said of [
      node.pods("init", "vm-001-ns02"),
      node.pods("exec", "vm-001-ns01", process.execPath, main, "netns_test", "init", "vm-001-ns02"),
    ]) {
      expect(said.code).toBe(1);
      for (const part of [outside, help]) expect(said.stderr).toContain(part);
    }
    expect(node.pods("init").stderr).toBe("ERROR: Param missing\n");
    expect(node.pods("init", "../x").stderr).toContain("is not an interface name");
    expect([node.must("hostname"), node.do("exec", "vm-001-ns01", "hostname")]).toEqual(["vm-001\n", "vm-001-ns01\n"]);
  });
});

test("without a command exec is a shell", () => {
  node.do("create", "1");
  const shell = (env: string): string =>
    node.must("sh", "-c", `echo 'hostname; exit 0' | ${env} ${process.execPath} ${main} netns_test exec vm-001-ns01`);
  expect(shell("env -u SHELL")).toBe("vm-001-ns01\n");
  expect(shell("SHELL=/bin/cat")).toBe("hostname; exit 0\n");
  const said = (...words: readonly string[]): string => node.pods("exec", ...words).stderr;
  expect(said("--timeout=0", "vm-001-ns01", "true")).toBe("ERROR: exec --timeout=0: it is written --timeout=SECONDS\n");
  expect(said("--env=A", "vm-001-ns01", "true")).toBe("ERROR: exec --env=A: it is written --env=NAME=VALUE\n");
  node.must("sh", "-c", "echo '#!/no/such' >/tmp/script; chmod +x /tmp/script");
  expect(said("vm-001-ns01", "/tmp/script")).toBe("ERROR: /tmp/script: the interpreter that it names is not there\n");
  expect(said("vm-001-ns01", "")).toBe("ERROR: the command is an empty word\n");
});

describe("delete", () => {
  test("takes the node's routes that it made, and leaves others, settings and the bridge of the plugin", () => {
    wire("eth1");
    node.must("ip", "link", "set", "eth1p", "up");
    address(node, 1);
    node.do("tcase_forward");
    node.must("ip", "route", "add", "172.16.3.0/24", "via", "192.168.1.3");
    node.do("setup_routes", "--nvm=3");
    const routes = (): string => node.must("sh", "-c", "ip route show proto 78; ip -6 route show proto 78");
    expect(routes()).toBe(
      [
        "172.16.2.0/24 via 192.168.1.2 dev eth1 ",
        ...[2, 3].map((n) => `1000::1:ac10:${n}00/120 via 1000::1:c0a8:10${n} dev eth1 metric 1024 pref medium`),
      ].join("\n") + "\n",
    );
    expect(node.do("setup_routes", "--nvm=3", "--verbose")).toBe("");
    node.do("cni_bridge_configure");
    node.do("tcase_cni_bridge_start");
    const { deleted } = JSON.parse(node.do("delete", "--all", "--json")) as { readonly deleted: unknown };
    expect(deleted).toEqual([
      "vm-001-ns01",
      "vm-001-ns02",
      "172.16.2.0/24",
      "1000::1:ac10:200/120",
      "1000::1:ac10:300/120",
    ]);
    expect([routes(), node.must("ip", "route", "show", "172.16.3.0/24")]).toEqual([
      "",
      "172.16.3.0/24 via 192.168.1.3 dev eth1 \n",
    ]);
    expect(node.must("cat", "/proc/sys/net/ipv4/ip_forward")).toBe("1\n");
    expect(node.must("ip", "-br", "link", "show", "cni0")).toStartWith("cni0 ");
    expect(node.must("ls", "/etc/cni")).toContain("10-bridge.conf");
    expect(results()).toEqual([]);
  });

  test("--all takes what is left of pods without a namespace, and no other files", () => {
    node.do("create");
    node.must("ip", "netns", "delete", "vm-001-ns01");
    node.must(
      "sh",
      "-c",
      "cd /run/netns; touch vm-001-ns07 br2-vm-001-ns01 other; touch ../utsns/vm-007-ns08 ../utsns/other",
    );
    node.do("delete", "--all");
    expect([pods(), node.must("ls", "/run/utsns")]).toEqual([["br2-vm-001-ns01", "other"], "other\n"]);
    expect(node.must("cat", "/proc/self/mountinfo")).not.toContain("nsfs");
  });

  test("list is in the order of numbers", () => {
    node.do("create", "3", "99");
    node.do("create", "1", "9");
    expect(node.do("list")).toBe("vm-001-ns09\nvm-001-ns99\nvm-001-ns100\nvm-001-ns101\n");
  });

  test("of a pod in which something still runs", async () => {
    node.do("tcase_create_with_addresses");
    const words = ["nsenter", "-t", String(node.pid), "-n", "-m", "-u", "--", process.execPath, main];
    const stays = Bun.spawn([...words, "netns_test", "exec", "vm-001-ns01", "sh", "-c", "echo in; exec sleep 600"], {
      stdin: "ignore",
      stdout: "pipe",
    });
    try {
      await stays.stdout.getReader().read();
      node.do("delete");
      expect(node.must("ip", "-br", "link")).not.toContain("vm-001-ns0");
      node.do("tcase_create_with_addresses");
      expect(node.do("list")).toBe("vm-001-ns01\nvm-001-ns02\n");
      expect(stays.exitCode).toBe(null);
    } finally {
      stays.kill("SIGKILL");
      await stays.exited;
    }
  });
});

describe("CNI", () => {
  const leases = (): readonly string[] =>
    node
      .must("ls", "/var/lib/cni/networks/xnet")
      .split("\n")
      .filter((name) => name.startsWith("1"));

  test("cni_bridge_stop gives addresses back, and twice is fine", () => {
    node.do("cni_bridge_configure", "--family=4");
    const conf = node.json<{ readonly ipam: unknown }>("cat", "/etc/cni/10-bridge.conf");
    expect(conf.ipam).toEqual({ type: "host-local", ranges: [[{ subnet: "172.16.1.0/24" }]] });
    node.do("tcase_cni_bridge_start");
    expect([results(), leases()]).toEqual([
      ["vm-001-ns01.json", "vm-001-ns02.json"],
      ["172.16.1.2", "172.16.1.3"],
    ]);
    for (let again = 0; again < 2; again++) node.do("cni_bridge_stop", "1", "2");
    expect([results(), leases()]).toEqual([["vm-001-ns01.json"], ["172.16.1.2"]]);
    expect(inside("vm-001-ns02", "-br", "link")).not.toContain("eth0");
    const said = node.pods("tcase_cni_bridge_ping");
    expect([said.code, said.stderr]).toEqual([1, expect.stringContaining("vm-001-ns02 is not attached")]);
  });

  test("what a killed command attached is no hindrance, and what others made stays", () => {
    node.do("cni_bridge_configure", "--family=4");
    node.do("tcase_cni_bridge_start");
    node.must("sh", "-c", "rm /tmp/vm-001-ns0*.json");
    node.do("cni_bridge_start");
    expect([results(), leases()]).toEqual([
      ["vm-001-ns01.json", "vm-001-ns02.json"],
      ["172.16.1.4", "172.16.1.5"],
    ]);
    node.do("tcase_cni_bridge_ping");
    expect(node.pods("cni_bridge_start").stderr).toContain("cni_bridge_stop detaches pods that are attached");
    node.do("create", "1", "3");
    node.do("veth", "1", "3");
    expect(node.pods("cni_bridge_start", "1", "3").stderr).toContain("there is an interface eth0");
    expect(inside("vm-001-ns03", "-br", "link")).toContain("eth0");
    node.do("cni_bridge_configure");
    inside("vm-001-ns03", "addr", "add", "1000::1:ac10:101/128", "dev", "eth0", "nodad");
    const said = node.podsWith({ PODIF: "net1" }, "cni_bridge_start", "1", "3");
    expect([said.code, said.stderr]).toEqual([
      1,
      expect.stringMatching(/^ERROR: attach vm-001-ns03 by [^\n]* ip -n vm-001-ns03 route/),
    ]);
  });

  test("where one pod cannot be attached, none is", () => {
    node.do("cni_bridge_configure");
    node.do("create");
    node.do("cni_bridge_start", "1", "2");
    const said = node.pods("cni_bridge_start");
    expect([said.code, said.stderr]).toEqual([
      1,
      expect.stringContaining("attach vm-001-ns02 by /etc/cni/10-bridge.conf"),
    ]);
    expect([results(), leases()]).toEqual([["vm-001-ns02.json"], ["1000::1:ac10:102", "172.16.1.2"]]);
    expect(inside("vm-001-ns01", "-br", "link")).not.toContain("eth0");
    expect(inside("vm-001-ns02", "-br", "link")).toContain("eth0");
  });
});
