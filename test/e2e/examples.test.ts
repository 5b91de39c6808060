/**
 * Every lab file of examples/ itself goes up, passes its test and comes down without a trace; every API example passes. Those of
 * examples/xcluster are tested by xcluster-examples.test.ts.
 */
import { describe, expect, test } from "bun:test";
import { basename, join } from "node:path";
import { listing, netloom } from "./sandbox.ts";

const root = join(import.meta.dir, "../..");
const scan = (glob: string): readonly string[] => [...new Bun.Glob(glob).scanSync({ cwd: root })].toSorted();
const labs = scan("examples/*.netloom.yaml");
const programs = scan("examples/api/**/*.test.ts");

/** What the first lines of each file say, as commands in its nodes and pods and a part of their answers. */
const claims: Readonly<Record<string, readonly (readonly [target: string, command: string, says: string])[]>> = {
  bridge: [["vm-001-ns04", "ip route", "default via 172.16.1.0 dev eth0"]],
  "cni-bridge": [
    ["vm-001", "ip -br address show dev cni0", "10.244.1.1/24 fd00:10:244:1::1/64"],
    ["vm-002-ns01", "ip route", "default via 10.244.2.1 dev eth0"],
    ["vm-002-ns02", "ip -br address show dev eth0", "10.244.2.3/24 fd00:10:244:2::3/64"],
  ],
  "cni-reference": [
    ["vm-001", "ip route", "10.244.2.0/24 via 10.244.2.0 dev vxlan1 "],
    ["vm-001-ns02", "cat /proc/sys/net/ipv4/conf/eth0/arp_filter", "1\n"],
  ],
  impaired: [
    ["vm-001", "tc qdisc show dev eth1", "rate 50Mbit"],
    ["vm-002", "tc qdisc show dev vm-002-ns01", "rate 2Mbit"],
  ],
  l2: [
    ["vm-001", "bridge link show dev eth1", "master br0"],
    ["vm-003-ns02", "ip route get 172.16.1.1", "172.16.1.1 dev eth0"],
  ],
  overlay: [
    ["vm-001", "ip -4 address show dev eth1", ""],
    ["vm-001", "ip neighbour show dev vxlan1", "172.16.2.0 lladdr"],
    ["vm-001", "bridge fdb show dev vxlan1", "dst fd00:192:168:1::2 self permanent"],
    ["vm-001", "ip -d link show dev vxlan1", " nolearning "],
  ],
  routes: [
    ["vm-001", "ip route", "10.1.3.0/24 via 192.168.1.3 dev eth1"],
    ["vm-001", "ip -6 route", "fd00:1:0:3::/64 via fd00:192:168:1::3 dev eth1"],
    ["vm-003-ns02", "cat /sys/class/net/eth0/mtu", "9000\n"],
  ],
  "vxlan-v4": [
    ["left", "ip -d link show dev vxlan100", "vxlan id 100 local 192.168.2.1 dev eth2 "],
    ["left", "ip -d link show dev vxlan100", " dstport 8472 "],
    ["right-pod4", "cat /sys/class/net/eth0/mtu", "1400\n"],
  ],
};

const passed = { code: 0, stderr: "" };
const verdict = (said: { readonly code: number; readonly stdout: string; readonly stderr: string }): typeof passed =>
  said.code === 0 ? passed : { code: said.code, stderr: said.stdout + said.stderr };

test("the default example is there, and what every example says is looked at", () => {
  expect(labs).toContain("examples/overlay.netloom.yaml");
  expect(Object.keys(claims).toSorted()).toEqual(labs.map(nameOf).toSorted());
});

function nameOf(file: string): string {
  return basename(file, ".netloom.yaml");
}

describe.each(labs)("%s", (file) => {
  test("is valid", () => expect(verdict(netloom("validate", "-f", file))).toEqual(passed));
  test("goes up", () => expect(verdict(netloom("up", "-f", file))).toEqual(passed));
  test("is up already", () => expect(verdict(netloom("plan", "-f", file, "--exit-code"))).toEqual(passed));
  test.each(claims[nameOf(file)] ?? [])("is what it says: %s: %s", (target, command, says) => {
    const said = netloom("exec", "--lab", nameOf(file), target, "--", ...command.split(" "));
    expect(verdict(said)).toEqual(passed);
    if (says === "") expect(said.stdout).toBe("");
    else expect(said.stdout).toContain(says);
  });
  test("passes its test at the full MTU", () =>
    expect(verdict(netloom("test", "-f", file, "--mtu", "auto"))).toEqual(passed));
  test("passes its test", () => expect(verdict(netloom("test", "-f", file))).toEqual(passed));
  test("comes down", () => expect(verdict(netloom("down", "-f", file, "--yes"))).toEqual(passed));
  test("leaves nothing behind", () => expect(listing()).toEqual([]));
});

test.each(programs)("%s", (file) => {
  const run = Bun.spawnSync([process.execPath, "test", `./${file}`], { cwd: root, stdin: "ignore" });
  expect(verdict({ code: run.exitCode, stdout: run.stdout.toString(), stderr: run.stderr.toString() })).toEqual(passed);
});
