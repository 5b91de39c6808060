import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { ProbeEnd, ProbePair } from "../../src/probe/index.ts";
import { parseIp } from "../../src/values/index.ts";
import { eventually } from "../eventually.ts";
import { ProbeLab, ask, inVain, ip, ipJson, sysctl } from "./probe-lab.ts";

let lab: ProbeLab;
let a: ProbeEnd;
let b: ProbeEnd;
let node: ProbeEnd;
beforeEach(() => {
  lab = new ProbeLab();
});
afterEach(() => lab[Symbol.dispose]());

const facts = async (
  address: string,
  options: Parameters<typeof ask>[3] = {},
): Promise<readonly [string | undefined, string | undefined]> => {
  const result = await ask(a, b, address, { ...inVain, ...options });
  expect(result.ok).toBe(false);
  expect(result.facts?.length).toBe(2);
  expect(new Set(result.facts).size).toBe(2);
  return [result.facts?.[0], result.facts?.[1]];
};

describe("on one bridge, the first fact names what was broken:", () => {
  const B = "10.9.0.2";
  const B6 = "fd09::2";
  beforeEach(async () => {
    lab.bridge("sw");
    [a, b] = lab.pods([
      { name: "a", on: "sw", addrs: ["10.9.0.1/24", "fd09::1/64"] },
      { name: "b", on: "sw", addrs: ["10.9.0.2/24", "fd09::2/64"] },
    ]) as [ProbeEnd, ProbeEnd];
    await lab.ready();
  });

  test("nothing", async () => {
    expect(await ask(a, b, B)).toMatchObject({ ok: true });
    expect((await ask(a, b, B6)).facts).toBeUndefined();
  });

  test.each([B, B6])("the source's link is down (%s)", async (address) => {
    ip("a", "link set eth0 down");
    expect((await facts(address))[0]).toBe("eth0 of a is down");
  });

  test.each([B, B6])("the destination's link is down (%s)", async (address) => {
    ip("b", "link set eth0 down");
    expect((await facts(address))[0]).toBe("eth0 of b is down");
  });

  test.each([B, B6])("the other end of the destination's cable is down (%s)", async (address) => {
    ip("sw", "link set p1 down");
    expect((await facts(address))[0]).toBe("eth0 of b has no carrier: its other end is down or gone");
  });

  test.each([B, B6])("the source's cable is out (%s)", async (address) => {
    ip("sw", "link set p0 down");
    expect((await facts(address))[0]).toBe("eth0 of a has no carrier: its other end is down or gone");
  });

  test("the source's interface is gone", async () => {
    ip("a", "link del eth0");
    expect((await facts(B))[0]).toBe("a has no interface eth0");
  });

  test("the source has no address", async () => {
    ip("a", "addr flush dev eth0");
    expect((await facts(B))[0]).toBe("a has no IPv4 address");
    expect((await facts(B6))[0]).toBe("a has no IPv6 address");
  });

  test.each([B, B6])("the destination lost its address (%s)", async (address) => {
    ip("b", "addr flush dev eth0");
    expect((await facts(address))[0]).toBe(`b does not have the address ${address}`);
  });

  test.each([B, B6])("the source's route is gone (%s)", async (address) => {
    ip("a", "route flush dev eth0 proto kernel", address === B ? "-4" : "-6");
    const result = await ask(a, b, address);
    expect(result.facts?.[0]).toBe(`a has no route to ${address} (ENETUNREACH)`);
    expect(result.refusal).toBe("ENETUNREACH");
  });

  test("a route forbids it", async () => {
    ip("a", "route add prohibit 10.9.0.2/32");
    expect((await facts(B))[0]).toMatch(/^a has (no route to 10\.9\.0\.2 \(EACCES\)|a route of type prohibit)/);
  });

  test("the way back is missing", async () => {
    ip("b", "route flush dev eth0 proto kernel", "-4");
    ip("b", "route flush dev eth0 proto kernel", "-6");
    expect((await facts(B))[0]).toBe("b has no route to 10.9.0.1 (ENETUNREACH)");
    expect((await facts(B6))[0]).toBe("b has no route to fd09::1 (ENETUNREACH)");
  });

  test.each([B, B6])("a neighbour has the wrong address (%s)", async (address) => {
    ip("a", `neigh replace ${address} dev eth0 lladdr 02:00:00:00:00:99 nud permanent`);
    const mac = String(ipJson("b", "link", "show", "eth0")[0]?.["address"]);
    expect((await facts(address))[0]).toBe(
      `the neighbour ${address} (b) on eth0 of a is set to 02:00:00:00:00:99 (permanent), but its eth0 has ${mac}`,
    );
  });

  test("the neighbour at the way back has the wrong address", async () => {
    ip("b", "neigh replace 10.9.0.1 dev eth0 lladdr 02:00:00:00:00:99 nud permanent");
    expect((await facts(B))[0]).toStartWith("the neighbour 10.9.0.1 (a) on eth0 of b is set to 02:00:00:00:00:99");
  });

  test("the neighbour does not answer", async () => {
    ip("sw", "link set p1 nomaster");
    expect((await facts(B))[0]).toBe("10.9.0.2 (b) does not answer ARP requests on eth0 of a (neighbour incomplete)");
    expect((await facts(B6))[0]).toBe(
      "fd09::2 (b) does not answer neighbour solicitations on eth0 of a (neighbour incomplete)",
    );
  });

  test.each([B, B6])("the packet is too big for the source's device (%s)", async (address) => {
    ip("a", "link set eth0 mtu 1400");
    expect((await facts(address, { size: 1450 }))[0]).toBe(
      "the MTU of eth0 of a is 1400, too small for packets of 1450 bytes",
    );
  });

  test.each([B, B6])("the packet is too big for the destination's device (%s)", async (address) => {
    ip("b", "link set eth0 mtu 1400");
    expect((await facts(address, { size: 1450 }))[0]).toBe(
      "the MTU of eth0 of b is 1400, too small for packets of 1450 bytes",
    );
  });

  test("the address is a duplicate", async () => {
    const [c] = lab.pods([{ name: "c", on: "sw", addrs: ["fd09::3/64"] }]) as [ProbeEnd];
    await lab.ready();
    sysctl("b", "net.ipv6.conf.eth0.accept_dad=1", "net.ipv6.conf.eth0.dad_transmits=1");
    ip("b", "addr add fd09::1/64 dev eth0");
    const failed = (): boolean => JSON.stringify(ipJson("b", "addr")).includes('"dadfailed":true');
    await eventually("the kernel has found the duplicate", failed);
    ip("a", "link set eth0 down"); // so that nobody answers
    const result = await ask(c, b, "fd09::1", inVain);
    expect(result.facts?.[0]).toBe("fd09::1 of b is a duplicate: somebody else on the link has it (dadfailed)");
  });

  test("duplicate address detection is under way", async () => {
    sysctl("b", "net.ipv6.conf.eth0.accept_dad=1", "net.ipv6.conf.eth0.dad_transmits=20");
    ip("b", "addr add fd09::22/64 dev eth0");
    expect((await facts("fd09::22"))[0]).toBe(
      "fd09::22 of b is not usable yet: duplicate address detection is under way (tentative)",
    );
  });

  test("must not reach, and does: says what carries it", async () => {
    expect(await facts(B, { expect: false, timeoutMs: 10_000 })).toEqual([
      "a sends through eth0 straight to 10.9.0.2 (b)",
      "b answers through eth0 straight to 10.9.0.1 (a)",
    ]);
  });
});

describe("behind a router, the first fact names what was broken:", () => {
  const B = "10.2.0.2";
  const B6 = "fd02::2";
  let viaNode: { readonly others: readonly ProbePair[] };
  beforeEach(async () => {
    lab.bridge("sw1");
    lab.bridge("sw2");
    lab.netns("vm-001");
    lab.plug("vm-001", "eth1", "sw1");
    lab.plug("vm-001", "eth2", "sw2");
    for (const n of [1, 2])
      ip("vm-001", `addr add 10.${n}.0.254/24 dev eth${n}\naddr add fd0${n}::fe/64 dev eth${n} nodad`);
    sysctl("vm-001", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
    [a, b] = lab.pods([
      { name: "a", on: "sw1", addrs: ["10.1.0.1/24", "fd01::1/64"], via: ["10.1.0.254", "fd01::fe"] },
      { name: "b", on: "sw2", addrs: ["10.2.0.2/24", "fd02::2/64"], via: ["10.2.0.254", "fd02::fe"] },
    ]) as [ProbeEnd, ProbeEnd];
    node = lab.end("vm-001", ["10.1.0.254", "fd01::fe"]);
    viaNode = { others: [{ from: node, to: b, address: parseIp(B), expect: true }] };
    await lab.ready();
  });

  test("nothing", async () => {
    expect(await ask(a, b, B, { size: 1500 })).toMatchObject({ ok: true });
    expect(await ask(a, b, B6, { size: 1500 })).toMatchObject({ ok: true });
  });

  test("the gateway does not forward", async () => {
    sysctl("vm-001", "net.ipv4.ip_forward=0", "net.ipv6.conf.all.forwarding=0");
    expect((await facts(B, viaNode))[0]).toBe("vm-001 does not forward IPv4 (net.ipv4.ip_forward = 0)");
    expect((await facts(B6, viaNode))[0]).toBe("vm-001 does not forward IPv6 (net.ipv6.conf.all.forwarding = 0)");
  });

  test("the gateway has no route: known to the matrix", async () => {
    ip("vm-001", "route del 10.2.0.0/24 dev eth2");
    ip("vm-001", "route del fd02::/64 dev eth2", "-6");
    expect((await facts(B, viaNode))[0]).toBe(`vm-001 has no route to ${B} (ENETUNREACH)`);
    expect((await facts(B6, viaNode))[0]).toBe(`vm-001 has no route to ${B6} (ENETUNREACH)`);
  });

  test("the gateway has no route: known to somebody else, and by its ICMP error", async () => {
    ip("vm-001", "route del 10.2.0.0/24 dev eth2");
    const owners = (address: string): string | undefined => (address === "10.1.0.254" ? "vm-001" : undefined);
    const result = await ask(a, b, B, { owners });
    expect(result.facts?.[0]).toBe("10.1.0.254 (vm-001) answers: destination unreachable: network unreachable");
    expect(result).toMatchObject({ icmp: "destination unreachable: network unreachable", icmpFrom: "10.1.0.254" });
  });

  test("the next link is too small", async () => {
    ip("vm-001", "link set eth2 mtu 1400");
    const result = await ask(a, b, B, { size: 1450 });
    expect(result.icmp).toBe("destination unreachable: fragmentation needed, next-hop MTU 1400");
    expect(result.facts?.[0]).toBe(
      "10.1.0.254 cannot pass on 1450 bytes: its next link takes 1400 (destination unreachable: fragmentation needed)",
    );
    const six = await ask(a, b, B6, { size: 1450 });
    expect(six.icmp).toBe("packet too big, next-hop MTU 1400");
    expect(six.facts?.[0]).toContain("cannot pass on 1450 bytes: its next link takes 1400");
    expect((await facts(B, { size: 1450, ...viaNode }))[0]).toBe(
      "the MTU of eth2 of vm-001 is 1400, too small for packets of 1450 bytes",
    );
    // What the kernel learnt from that does not change the answer, also when the link is repaired.
    expect((await ask(a, b, B, { size: 1450 })).icmp).toBe(result.icmp as string);
    ip("vm-001", "link set eth2 mtu 1500");
    expect(await ask(a, b, B, { size: 1450 })).toMatchObject({ ok: true });
    expect(await ask(a, b, B6, { size: 1450 })).toMatchObject({ ok: true });
  });

  test("the destination's default route is gone", async () => {
    ip("b", "route del default");
    expect((await facts(B))[0]).toBe("b has no route to 10.1.0.1 (ENETUNREACH)");
  });

  test("the gateway's address is nobody's", async () => {
    ip("a", "route replace default via 10.1.0.253");
    const owners = (address: string): string | undefined => (address === "10.1.0.253" ? "vm-009" : undefined);
    expect((await facts(B, { owners }))[0]).toBe(
      "10.1.0.253 (vm-009) does not answer ARP requests on eth0 of a (neighbour incomplete)",
    );
  });

  test("must not reach, and does: the router that forwards it comes first", async () => {
    expect(await facts(B, { expect: false, timeoutMs: 10_000, ...viaNode })).toEqual([
      "vm-001 forwards through eth2 straight to 10.2.0.2 (b)",
      "a sends through eth0 via 10.1.0.254 (vm-001)",
    ]);
  });
});
