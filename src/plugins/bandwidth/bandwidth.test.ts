import { describe, expect, test } from "bun:test";
import { type LinkFact, type Op, printOp } from "../../change/index.ts";
import { HOST, type JsonObject, type Work } from "../../cni/index.ts";
import { MemoryKernel } from "../../kernel/memory.ts";
import { parseIfName } from "../../values/index.ts";
import { bridged, callWith, eth0, faultOf } from "../_call-fixture.ts";
import { aliasOf, hostNameOf } from "../_names.ts";
import { bandwidth } from "./main.ts";
import { checkBandwidth, ifbOf, planBandwidth, planRelease, referenceIfbOf } from "./plan.ts";
import { parseBandwidth } from "./schema.ts";

const veth1: LinkFact = { ...eth0, name: parseIfName("veth1"), index: 7, peerIndex: 2, mtu: 1450 };
const parsed = (conf: JsonObject) => parseBandwidth(callWith(conf));
const both = { ingressRate: 8_000_000, ingressBurst: 8_000_000, egressRate: 16_000_000, egressBurst: 8_000_000 };
const ifb = ifbOf(callWith({}));

describe("the plan", () => {
  test("both directions", () => {
    const { ops, result } = planBandwidth(parsed(both), callWith({}), veth1, bridged);
    expect(ops.map(printOp)).toEqual([
      "tc -n host qdisc add dev veth1 root handle 1: tbf rate 8000000bit burst 1000000b latency 25000us",
      `ip -n host link add name ${ifb} mtu 1450 address ${result.interfaces?.[3]?.mac} up type ifb && ip -n host link set dev ${ifb} alias cni:net1/c1/eth0 txqueuelen 0`,
      `tc -n host qdisc add dev ${ifb} root handle 1: tbf rate 16000000bit burst 1000000b latency 25000us`,
      `tc -n host qdisc add dev veth1 ingress && tc -n host filter add dev veth1 parent ffff: protocol all prio 1 u32 match u32 0 0 action mirred egress redirect dev ${ifb}`,
    ]);
    expect(result.interfaces?.slice(3)).toEqual([{ name: ifb, mac: expect.any(String) as string, mtu: 1450 }]);
    expect(result.ips).toBe(bridged.ips as never);
  });

  test("what it receives alone needs no device", () => {
    const { ops, result } = planBandwidth(parsed({ ingressRate: 80, ingressBurst: 800 }), callWith({}), veth1, bridged);
    expect(ops.map(printOp)).toEqual([
      "tc -n host qdisc add dev veth1 root handle 1: tbf rate 80bit burst 100b latency 25000us",
    ]);
    expect(result).toBe(bridged);
  });

  test("every interface has its own device; the reference's names are known", () => {
    expect(ifbOf(callWith({}, { ifname: "eth1" }))).not.toBe(ifb);
    expect(ifb).toHaveLength(15);
    // cni.md 2.19: network n1, container ci.
    const dump = { network: "n1", containerId: "ci", ifname: "eth0" };
    expect(referenceIfbOf(dump) as string).toMatch(/^bwp[0-9a-f]{12}$/);
    expect(referenceIfbOf({ ...dump, ifname: "eth1" })).toBe(referenceIfbOf(dump));
  });

  test("what is left at DEL", () => {
    const bucket = { kind: "tbf", rate: 1, burst: 1, latency: 25_000 } as const;
    const host = { name: veth1.name, queues: { root: bucket, redirect: ifb } };
    expect(planRelease({ ifbs: [ifb], host }).map(printOp)).toEqual([
      "tc -n host qdisc delete dev veth1 ingress",
      "tc -n host qdisc delete dev veth1 root",
      `ip -n host link delete dev ${ifb}`,
    ]);
    // Other disciplines are somebody else's.
    const others = { root: { kind: "other", name: "fq_codel" }, redirect: parseIfName("mirror0") } as const;
    expect(planRelease({ ifbs: [], host: { name: veth1.name, queues: others } })).toEqual([]);
  });
});

describe("DEL while another one is at it", () => {
  const call = callWith({}, { command: "DEL" });
  const name = hostNameOf(call);

  /** Lets somebody else act before the first change, and takes the limits of a container away. */
  async function withdraw(others: (ops: readonly Op[]) => readonly Op[]): Promise<MemoryKernel> {
    const kernel = new MemoryKernel();
    kernel.run([
      { do: "netns.create", netns: HOST, owner: "", hostname: HOST },
      { do: "link.add", netns: HOST, link: { name, kind: "dummy", alias: aliasOf(call) } },
      ...planBandwidth(parsed(both), call, { ...veth1, name }, bridged).ops,
    ]);
    let isFirst = true;
    const run = (ops: readonly Op[]): void => {
      if (isFirst) kernel.run(others(ops));
      isFirst = false;
      kernel.run(ops);
    };
    await bandwidth.del(parsed({}), call, { kernel, run, pod: false } as unknown as Work);
    return kernel;
  }

  test.each([
    ["the redirection", (ops: readonly Op[]) => ops.slice(0, 1)],
    ["all of it", (ops: readonly Op[]) => ops],
    ["the link", (): readonly Op[] => [{ do: "link.delete", netns: HOST, name }]],
    ["nothing", () => []],
  ])("which has taken %s away", async (_, others) => {
    using kernel = await withdraw(others);
    expect(kernel.link(HOST, ifb)).toBeUndefined();
    expect(kernel.queues(HOST, name) ?? {}).toEqual({});
  });

  test("a refusal that has another reason is told", async () => {
    const refusing: Op = { do: "link.delete", netns: "elsewhere", name };
    expect(await withdraw(() => [refusing]).then(() => "done", String)).toContain("elsewhere");
  });
});

describe("the configuration", () => {
  test("bits become bytes; the plugin's own limits win as a whole; zero is unlimited", () => {
    expect(parsed(both)).toEqual({
      ingress: { rate: 1_000_000, burst: 1_000_000 },
      egress: { rate: 2_000_000, burst: 1_000_000 },
    });
    const runtimeConfig = { bandwidth: { ...both, egressRate: 0, egressBurst: 0 } };
    expect(parsed({ runtimeConfig })).toEqual({ ingress: { rate: 1_000_000, burst: 1_000_000 } });
    expect(parsed({ egressRate: 0, runtimeConfig })).toEqual({});
    expect(parsed({})).toEqual({});
  });

  test.each([
    [
      { ingressRate: 8000 },
      "7 invalid network configuration: ingressBurst is missing, but ingressRate is given; at ingressBurst: write both, in bits",
    ],
    [{ runtimeConfig: { bandwidth: { egressBurst: 8 } } }, "at runtimeConfig.bandwidth.egressRate: write both"],
    [{ ingressRate: 8000, ingressBurst: 34_359_738_360 }, "at ingressBurst: write less than 4 GiB"],
    [
      { ingressRate: 80_000_000_000_000, ingressBurst: 8000 },
      "at ingressRate: write at most 1374389214400 bits per second with this ingressBurst",
    ],
    [{ ingressRate: 7, ingressBurst: 8000 }, "at ingressRate: write at least 8"],
    [{ ingressRate: "8000", ingressBurst: 8000 }, "at ingressRate: write a whole number"],
    [{ ingressRate: -1, ingressBurst: 8000 }, "at ingressRate"],
  ])("%j is refused", (conf: JsonObject, text) => {
    expect(faultOf(() => parsed(conf))).toContain(text);
    expect(parseBandwidth(callWith(conf, { command: "DEL" }))).toEqual({});
  });
});

describe("CHECK", () => {
  const conf = parsed(both);
  const bucket = { kind: "tbf", rate: 1_000_000, burst: 999_999, latency: 25_000 } as const;
  const link = { ...veth1, name: ifb, kind: "ifb" };
  const fine = {
    host: veth1,
    queues: { root: bucket, redirect: ifb },
    ifb: { link, queues: { root: { ...bucket, rate: 2_000_000 } } },
  } as const;

  test("what ADD made passes", () => expect(() => checkBandwidth(conf, fine)).not.toThrow());

  test.each([
    [{ ...fine, queues: { redirect: ifb } }, "105 the queueing discipline of veth1 is none, not tbf; at ingressRate"],
    [{ ...fine, queues: { ...fine.queues, root: { ...bucket, rate: 5 } } }, "the rate of veth1 is 40, not 8000000"],
    [
      { ...fine, queues: { ...fine.queues, root: { ...bucket, burst: 5 } } },
      "the burst of veth1 is 40, not 8000000; at ingressBurst",
    ],
    [{ ...fine, queues: { root: bucket } }, "what comes in on veth1 is redirected nowhere"],
    [{ host: veth1, queues: fine.queues }, "the device that it goes through is gone"],
    [{ ...fine, ifb: { link: { ...link, up: false }, queues: fine.ifb.queues } }, "is down, not up"],
    [
      { ...fine, ifb: { link, queues: { root: { kind: "other", name: "noqueue" } } } },
      "is noqueue, not tbf; at egressRate",
    ],
  ] as const)("%# is found", (facts, text) => {
    expect(faultOf(() => checkBandwidth(conf, facts))).toContain(text);
  });
});
