import { describe, expect, test } from "bun:test";
import type { NetnsWish } from "../../change/index.ts";
import { load } from "../lab.ts";
import { natureOf } from "../nature.ts";

const base = { name: "o", nodes: 2, pods: 2, underlay: { prefixes: ["192.168.1.0/24", "fd00:1::/64"] } };
const lab = (driver: unknown, more: object = {}, join = "l2") =>
  load({ ...base, ...more, network: { driver, join } } as never);
const wishOf = (made: ReturnType<typeof lab>, netns: string): NetnsWish => {
  const found = made.wish.namespaces.find(({ name }) => name === netns);
  if (found === undefined) throw new Error(`there is no ${netns}`);
  return found;
};
const ports = (made: ReturnType<typeof lab>, netns = "o-vm-001") =>
  wishOf(made, netns).ovs?.bridges.map(({ name, ports: some }) => [name as string, some]);

describe("the switch of a node", () => {
  test("has the LAN's interface and the pods' cables as ports, and the node's addresses", () => {
    const made = lab("ovs");
    expect(ports(made)).toEqual([["br0", [{ name: "eth1" }, { name: "vm-001-ns01" }, { name: "vm-001-ns02" }]]]);
    const [bridge] = wishOf(made, "o-vm-001").ovs?.bridges ?? [];
    expect(bridge?.device?.addrs?.map(({ prefix }) => prefix as string)).toEqual([
      "172.16.1.0/16",
      "1000::1:ac10:100/112",
      "192.168.1.1/24",
      "fd00:1::1/64",
    ]);
    expect(wishOf(made, "o-vm-001").links.every(({ spec }) => spec.master === undefined)).toBe(true);
  });

  test("has no LAN's interface where nodes are joined otherwise", () => {
    expect(ports(lab("ovs", {}, "routes"))).toEqual([["br0", [{ name: "vm-001-ns01" }, { name: "vm-001-ns02" }]]]);
  });

  test("is one for several networks, with a bridge for each", () => {
    const made = load({
      ...base,
      networks: [
        { name: "red", pods: 1, driver: "ovs", join: "none" },
        {
          name: "blue",
          pods: 1,
          driver: { kind: "ovs", datapath: "netdev" },
          join: "none",
          addresses: { ipv4: "10.0.0.0/16/24" },
        },
      ],
    });
    const bridges = wishOf(made, "o-vm-001").ovs?.bridges ?? [];
    expect(bridges.map(({ name, datapath }) => [name as string, datapath])).toEqual([
      ["red", undefined],
      ["blue", "netdev"],
    ]);
  });
});

describe("checksums", () => {
  const without = (made: ReturnType<typeof lab>): readonly string[] =>
    made.wish.namespaces.flatMap(({ name, links }) =>
      links.flatMap(({ spec, txChecksum }) => (txChecksum === false ? [`${name}/${spec.name}`] : [])),
    );
  const pods = ["o-vm-001-ns01/eth0", "o-vm-001-ns02/eth0", "o-vm-002-ns01/eth0", "o-vm-002-ns02/eth0"];

  test("are made by pods, and by who else sends to the switch over the LAN", () => {
    expect(without(lab("ovs"))).toEqual(pods);
    expect(without(lab("ovs", { externals: [{ name: "out", number: 99 }] }))).toEqual(["o-out/eth0", ...pods]);
    expect(without(lab("ovs", { externals: [{ name: "out", number: 99 }] }, "routes"))).toEqual(pods);
  });

  test("are left to devices where the kernel forwards, and there alone the kernel may answer on ports", () => {
    const system = lab({ kind: "ovs", datapath: "system" });
    expect(without(system)).toEqual([]);
    const arp = "net.ipv4.conf.all.arp_ignore";
    expect(wishOf(system, "o-vm-001").sysctls?.[arp]).toBeUndefined();
    expect(wishOf(lab("ovs"), "o-vm-001").sysctls?.[arp]).toBe("1");
    expect(without(lab("bridge"))).toEqual([]);
  });
});

describe("VLANs", () => {
  const vlans = [
    { id: 10, pods: "*-ns02" },
    { id: 20, pods: ["vm-002-*"] },
    { id: 10, pods: "vm-002-ns02" },
  ];

  test("the last that names a pod counts", () => {
    const made = lab({ kind: "ovs", vlans });
    expect(ports(made)?.[0]?.[1]).toEqual([
      { name: "eth1" },
      { name: "vm-001-ns01" },
      { name: "vm-001-ns02", tag: 10 },
    ]);
    expect(ports(made, "o-vm-002")?.[0]?.[1]).toEqual([
      { name: "eth1" },
      { name: "vm-002-ns01", tag: 20 },
      { name: "vm-002-ns02", tag: 10 },
    ]);
  });

  test("keep apart who is not in the same, the node and hosts outside too", () => {
    const more = { externals: [{ name: "out", number: 99 }] };
    const reaches = natureOf(lab({ kind: "ovs", vlans }, more).topology);
    expect(reaches("vm-001-ns02", "vm-002-ns02")).toBe(true);
    expect(reaches("vm-001-ns01", "vm-001-ns02")).toBe(false);
    expect(reaches("vm-002-ns01", "vm-002-ns02")).toBe(false);
    expect(reaches("vm-001", "vm-001-ns01")).toBe(true);
    expect(reaches("vm-001", "vm-001-ns02")).toBe(false);
    expect(reaches("vm-001-ns02", "vm-001")).toBe(false);
    expect(reaches("out", "vm-001-ns01")).toBe(true);
    expect(reaches("out", "vm-001-ns02")).toBe(false);
  });

  test.each([
    ["routes", "cannot be reached in a VLAN"],
    ["vxlan", "cannot be reached in a VLAN"],
  ])("cannot be had with join %s", (join, says) => {
    expect(() => lab({ kind: "ovs", vlans }, {}, join)).toThrow(says);
  });

  test("of nobody are a mistake", () => {
    expect(() => lab({ kind: "ovs", vlans: [{ id: 7, pods: "web" }] })).toThrow('no pod for VLAN 7 is named "web"');
  });
});
