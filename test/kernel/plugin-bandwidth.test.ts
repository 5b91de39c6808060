import { expect, test } from "bun:test";
import { ifbOf } from "../../src/plugins/bandwidth/plan.ts";
import { call, makePod, sh, shown } from "./chained-call.ts";

const prevResult = makePod("p1", 1);
const at = { pod: "p1" };
const conf = {
  prevResult,
  ingressRate: 8_000_000,
  ingressBurst: 8_000_000,
  egressRate: 16_000_000,
  egressBurst: 8_000_000,
};
const ifb = ifbOf({ network: "net1", containerId: "c1", ifname: "eth0" });

interface Qdisc {
  readonly kind: string;
  readonly dev: string;
  readonly options: Readonly<Record<string, number>>;
}
const qdiscs = () => shown<Qdisc>("tc -j qdisc show").filter(({ kind }) => kind === "tbf" || kind === "ingress");

/** What is refused for want of something in the kernel, which only now shows. */
const has = Bun.spawnSync([
  "sh",
  "-c",
  "ip link add t0 type ifb && tc qdisc add dev t0 ingress && tc filter add dev t0 parent ffff: protocol all u32 match u32 0 0 action mirred egress redirect dev t0; s=$?; ip link del t0; exit $s",
]).success;
const needs = "(needs CONFIG_IFB, CONFIG_NET_SCH_INGRESS, CONFIG_NET_CLS_U32, CONFIG_NET_ACT_MIRRED)";

test.skipIf(!has)(`bandwidth: tc shows the limits, and nothing after DEL ${needs}`, async () => {
  const added = await call("bandwidth", "ADD", at, conf);
  expect(added).toMatchObject({ exit: 0, log: [] });
  expect(added.out.interfaces[2]).toMatchObject({ name: ifb });
  expect(qdiscs()).toMatchObject([
    { kind: "tbf", dev: "veth-p1", options: { rate: 1_000_000, burst: 1_000_000, lat: expect.closeTo(25_000, -1) } },
    { kind: "ingress", dev: "veth-p1" },
    { kind: "tbf", dev: ifb, options: { rate: 2_000_000, burst: 1_000_000 } },
  ]);
  const [link] = shown<{ address: string; mtu: number; ifalias: string }>(`ip -j link show dev ${ifb}`);
  expect(link).toMatchObject({ address: added.out.interfaces[2].mac, mtu: 1500, ifalias: "cni:net1/c1/eth0" });
  expect(await call("bandwidth", "CHECK", at, { ...conf, prevResult: added.out })).toMatchObject({ exit: 0 });
  // What the container sends goes through the device.
  const bytes = () =>
    shown<{ stats64: { tx: { bytes: number } } }>(`ip -j -s link show dev ${ifb}`)[0]?.stats64.tx.bytes ?? 0;
  const before = bytes();
  sh("ip netns exec p1 ping -c 1 -s 1000 -W 2 10.9.1.1");
  expect(bytes() - before).toBeGreaterThan(1000);
  sh(`tc qdisc replace dev ${ifb} root tbf rate 1Mbit burst 1000000 latency 25ms`);
  expect(await call("bandwidth", "CHECK", at, { ...conf, prevResult: added.out })).toMatchObject({
    exit: 1,
    out: { code: 105, msg: `the rate of ${ifb} is 1000000, not 16000000` },
  });
  for (let i = 0; i < 2; i++) expect(await call("bandwidth", "DEL", at, conf)).toMatchObject({ exit: 0 });
  expect(qdiscs()).toEqual([]);
  expect(await call("bandwidth", "STATUS", at, {})).toMatchObject({ exit: 0 });
  expect(shown("ip -j link show type ifb")).toEqual([]);
  sh("ip netns exec p1 ping -c 1 -W 2 10.9.1.1");
});

test.skipIf(!has)(`bandwidth: two interfaces of a container, and an ADD again ${needs}`, async () => {
  sh("ip link add veth-b type veth peer name eth1 netns p1; ip link set veth-b up; ip -n p1 link set eth1 up");
  const second = { interfaces: [{ name: "veth-b" }, { name: "eth1", sandbox: "/run/netns/p1" }], cniVersion: "1.1.0" };
  expect((await call("bandwidth", "ADD", at, conf)).exit).toBe(0);
  const one = { pod: "p1", ifname: "eth1" };
  expect((await call("bandwidth", "ADD", one, { ...conf, prevResult: second })).exit).toBe(0);
  const before = sh("tc qdisc show; ip -o link show type ifb");
  expect(await call("bandwidth", "ADD", at, conf)).toMatchObject({ exit: 1, out: { code: 101 } });
  expect(sh("tc qdisc show; ip -o link show type ifb")).toBe(before);
  expect((await call("bandwidth", "DEL", one, { prevResult: second })).exit).toBe(0);
  expect(qdiscs().map(({ dev }) => dev)).toEqual(["veth-p1", "veth-p1", ifb]);
  // The namespace is gone, and CNI_NETNS with it.
  sh("ip netns delete p1");
  expect((await call("bandwidth", "DEL", { pod: "" }, {})).exit).toBe(0);
  expect(shown("ip -j link show type ifb")).toEqual([]);
});

test.skipIf(!has)(`bandwidth: GC ${needs}`, async () => {
  const prev = makePod("p3", 3);
  for (const container of ["c3", "c4"]) {
    if (container === "c4") sh("tc qdisc del dev veth-p3 ingress; tc qdisc del dev veth-p3 root");
    expect((await call("bandwidth", "ADD", { pod: "p3", container }, { ...conf, prevResult: prev })).exit).toBe(0);
  }
  const valid = [{ containerID: "c4", ifname: "eth0" }];
  expect((await call("bandwidth", "GC", { pod: "" }, { "cni.dev/valid-attachments": valid })).exit).toBe(0);
  expect(shown<{ ifalias: string }>("ip -j link show type ifb").map(({ ifalias }) => ifalias)).toEqual([
    "cni:net1/c4/eth0",
  ]);
});
