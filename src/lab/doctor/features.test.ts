import { describe, expect, test } from "bun:test";
import { load } from "../lab.ts";
import { featureFindings, verdictOf } from "./features.ts";
import { reportOf } from "./finding.ts";
import { hostFindings } from "./host.ts";
import { needsOf, neighboursOf } from "./needs.ts";
import { switchFindings } from "./switches.ts";
import type { Outcome, Outcomes } from "./scratch.ts";

const refused = (code: string) => ({ ok: false, code, words: `no (${code})` }) as const;
const lab = (more: object = {}) =>
  load({ name: "x", nodes: 2, pods: 10, underlay: { prefixes: ["10.0.0.0/24", "fd00::/64"] }, ...more }).topology;

test("only what a kernel says of a kind it does not know is a no", () => {
  expect(verdictOf({ ok: true })).toBe("ok");
  expect(["EOPNOTSUPP", "ENOENT"].map((code) => verdictOf(refused(code)))).toEqual(["missing", "missing"]);
  expect(["EPERM", "EBUSY", "EINVAL"].map((code) => verdictOf(refused(code)))).toEqual([
    "unknown",
    "unknown",
    "unknown",
  ]);
  expect(verdictOf(undefined)).toBe("unknown");
});

describe("a lab is ready", () => {
  const outcomes = new Map<string, Outcome>([
    ["link.veth", { ok: true }],
    ["link.bridge", { ok: true }],
    ["link.vxlan", refused("EOPNOTSUPP")],
    ["qdisc.netem", refused("ENOENT")],
  ]);
  const ready = (needed: ReadonlySet<string>) => reportOf(featureFindings(outcomes, needed)).ready;

  test("when nothing it needs is missing", () => {
    expect(ready(needsOf(lab({ network: { join: "routes" } })))).toBe(true);
    expect(ready(needsOf(lab({ network: { join: "vxlan" } })))).toBe(false);
    expect(ready(needsOf(undefined))).toBe(false);
  });

  test("needs netem for delays, and tbf for a rate alone", () => {
    const needs = (link: object) => needsOf(lab({ network: { join: "l2" }, links: [{ on: "vm-001", ...link }] }));
    expect(needs({ delay: "5ms" })).toContain("qdisc.netem");
    expect(needs({ rate: "1mbit" })).toContain("qdisc.tbf");
    expect(needs({ rate: "1mbit" })).not.toContain("qdisc.netem");
  });

  test("needs what its join and its LANs are made of", () => {
    const needs = (network: object, underlay?: object) => [
      ...needsOf(lab({ network, ...(underlay === undefined ? {} : { underlay }) })),
    ];
    expect(needs({ join: { kind: "vxlan", external: true } })).toContain("link.vxlan-external");
    expect(needs({ join: "ip6tnl" }).slice(-2)).toEqual(["link.ip6tnl", "route.encap"]);
    expect(needs({ join: "ip6tnl" }, { prefixes: "link-local" })).not.toContain("route.encap");
    const trunk = { name: "trunk", prefixes: "10.0.0.0/24" };
    expect(needs({ join: "l2" }, { lans: [trunk, { name: "blue", vlan: 7, on: "trunk" }] })).toContain("link.vlan");
  });

  test("a missing feature comes with its option and fix", () => {
    const vxlan = featureFindings(outcomes, new Set()).find(({ id }) => id === "link.vxlan");
    expect(vxlan).toMatchObject({
      verdict: "missing",
      option: "CONFIG_VXLAN",
      fix: expect.stringContaining("modprobe vxlan"),
    });
  });
});

describe("Open vSwitch", () => {
  const without = new Map<string, Outcome>([
    ["ovs.datapath", refused("ENOENT")],
    ["ovs.tap", { ok: true }],
  ]);
  const find = (network: object, missing: readonly string[], outcomes: Outcomes = without) =>
    switchFindings(outcomes, needsOf(lab({ network })), missing);

  test("is needed by labs that have one, with the line to run", () => {
    const [programs, datapath, tap] = find({ driver: "ovs", join: "l2" }, ["ovs-vswitchd"]);
    expect(programs).toMatchObject({ verdict: "missing", required: true, fix: "apt-get install openvswitch-switch" });
    expect(programs?.says).toContain("there is no ovs-vswitchd");
    expect(datapath).toMatchObject({ verdict: "missing", required: false, option: "CONFIG_OPENVSWITCH" });
    expect(tap).toMatchObject({ verdict: "ok", required: true, option: "CONFIG_TUN" });
    expect(reportOf(find({ join: "l2" }, ["ovs-vswitchd"])).ready).toBe(true);
    expect(reportOf(find({ driver: "ovs" }, [])).ready).toBe(true);
  });

  test("has to have tap devices where the kernel does not forward for it", () => {
    const ready = (datapath: Outcome, driver: unknown): boolean =>
      reportOf(
        find(
          { driver },
          [],
          new Map([
            ["ovs.datapath", datapath],
            ["ovs.tap", refused("ENOENT")],
          ]),
        ),
      ).ready;
    expect([ready(refused("ENOENT"), "ovs"), ready({ ok: true }, "ovs")]).toEqual([false, true]);
    expect(ready({ ok: true }, { kind: "ovs", datapath: "netdev" })).toBe(false);
    expect(ready(refused("ENOENT"), "bridge")).toBe(true);
  });

  test("in the kernel is needed where the file asks for it", () => {
    expect(reportOf(find({ driver: { kind: "ovs", datapath: "system" } }, [])).ready).toBe(false);
    expect(reportOf(find({ driver: { kind: "ovs", datapath: "netdev" } }, [])).ready).toBe(true);
  });
});

describe("the host", () => {
  const host = {
    uid: 1000,
    namespaces: { ok: true },
    files: 65_536,
    needsNeighbours: 0,
    sysctls: new Map<string, string>(),
  } as const;
  const find = (sysctls: Readonly<Record<string, string>>, more: object = {}) =>
    hostFindings({ ...host, ...more, sysctls: new Map(Object.entries(sysctls)) });

  test("each setting that forbids user namespaces has its own fix", () => {
    const fixes = find({
      "user.max_user_namespaces": "0",
      "kernel.unprivileged_userns_clone": "0",
      "kernel.apparmor_restrict_unprivileged_userns": "1",
    }).flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
    expect(fixes).toEqual([
      "sysctl -w user.max_user_namespaces=10000",
      "sysctl -w kernel.unprivileged_userns_clone=1",
      "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ]);
  });

  test("a setting is in an ordinary user's way only where no namespace could be made", () => {
    const sysctls = { "kernel.apparmor_restrict_unprivileged_userns": "1" };
    expect(reportOf(find(sysctls)).ready).toBe(true);
    expect(reportOf(find(sysctls, { namespaces: refused("EPERM") })).ready).toBe(false);
    expect(find({})[0]?.says).toBe("user 1000 may make network namespaces in a user namespace");
    expect(find({}, { uid: 0 })[0]?.says).toBe("root may make network namespaces");
  });

  test("neighbour tables are compared with the lab", () => {
    const needsNeighbours = neighboursOf(lab({ pods: 30, network: { join: "l2" } }));
    expect(needsNeighbours).toBe(60 * 60 + 120);
    const [finding] = find({ "net.ipv4.neigh.default.gc_thresh3": "1024" }, { needsNeighbours }).filter(
      ({ verdict }) => verdict === "missing",
    );
    expect(finding?.fix).toBe("sysctl -w net.ipv4.neigh.default.gc_thresh3=4096");
  });

  test("no namespaces, no labs", () => {
    const [finding] = find({}, { uid: 0, namespaces: refused("EPERM") });
    expect(finding).toMatchObject({ verdict: "missing", required: true });
  });
});
