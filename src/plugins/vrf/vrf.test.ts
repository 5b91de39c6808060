import { describe, expect, test } from "bun:test";
import { type LinkFact, type RouteFact, inverse, printOp } from "../../change/index.ts";
import type { JsonObject } from "../../cni/index.ts";
import { parseIfName, parseIp, parsePrefix } from "../../values/index.ts";
import { callWith, eth0, faultOf } from "../_call-fixture.ts";
import { checkVrf, planRelease, planVrf } from "./plan.ts";
import { parseVrf } from "./schema.ts";

const dev = eth0.name;
const name = parseIfName("blue");
const addr = (prefix: string, rest = {}) =>
  ({ prefix: parsePrefix(prefix), scope: "global", fromKernel: false, ...rest }) as const;
const link: LinkFact = {
  ...eth0,
  addrs: [addr("10.0.0.2/24"), addr("fd00::2/64"), addr("fe80::1/64", { scope: "link", fromKernel: true })],
};
const route = (dst: string, via?: string, rest: Partial<RouteFact> = {}): RouteFact => ({
  dst: parsePrefix(dst),
  dev,
  protocol: "boot",
  ...(via !== undefined && { via: parseIp(via) }),
  ...rest,
});
const routes = [
  route("0.0.0.0/0", "10.0.0.1"),
  route("10.0.0.1/32"),
  route("10.0.0.0/24", undefined, { protocol: "kernel" }),
  route("::/0", "fd00::1", { metric: 1024 }),
  route("10.9.0.0/16", "10.0.0.1", { table: 7 }),
  route("10.8.0.0/16", "10.1.0.1", { dev: parseIfName("eth1") }),
];
const vrf = (table: number, rest: Partial<LinkFact> = {}): LinkFact => ({
  ...eth0,
  name,
  kind: "vrf",
  data: { table },
  ...rest,
});

describe("the plan", () => {
  test("a VRF that is not there yet; addresses and routes come back", () => {
    const ops = planVrf({ name }, link, { links: [link, vrf(1, { name: parseIfName("red") })], routes });
    expect(ops.map(printOp)).toEqual([
      "ip -n pod link add name blue up type vrf table 2",
      "ip -n pod link set dev eth0 master blue",
      "ip -n pod addr replace fd00::2/64 dev eth0 nodad",
      "ip -n pod route replace 10.0.0.1/32 dev eth0 table 2",
      "ip -n pod route replace default via 10.0.0.1 dev eth0 table 2",
      "ip -n pod route replace ::/0 via fd00::1 dev eth0 metric 1024 table 2",
    ]);
    expect(ops.toReversed().flatMap(inverse).map(printOp).slice(-6)).toEqual([
      "ip -n pod link set dev eth0 nomaster",
      "ip -n pod addr replace fd00::2/64 dev eth0 nodad",
      "ip -n pod route replace 10.0.0.1/32 dev eth0",
      "ip -n pod route replace default via 10.0.0.1 dev eth0",
      "ip -n pod route replace ::/0 via fd00::1 dev eth0 metric 1024",
      "ip -n pod link delete dev blue",
    ]);
  });

  test("a VRF that is there", () => {
    const plan = (table?: number, links = [link, vrf(9)]) =>
      planVrf({ name, ...(table !== undefined && { table }) }, link, { links, routes: [] }).map(printOp);
    expect(plan()).toEqual([
      "ip -n pod link set dev eth0 master blue",
      "ip -n pod addr replace fd00::2/64 dev eth0 nodad",
    ]);
    expect(plan(9)).toHaveLength(2);
    expect(plan(5, [link])[0]).toBe("ip -n pod link add name blue up type vrf table 5");
    expect(faultOf(() => plan(8))).toBe(
      "101 cannot use table 8 for blue: the VRF is there and has table 9; at table: write that one, or leave it out",
    );
    expect(faultOf(() => plan(8, [{ ...vrf(8), kind: "bridge", data: {} }]))).toContain(
      "101 cannot use blue as a VRF: it is bridge",
    );
  });

  test("an interface that has a master", () => {
    const port = { ...link, master: parseIfName("br0") };
    expect(faultOf(() => planVrf({ name }, port, { links: [port], routes: [] }))).toContain(
      "101 cannot make eth0 a port of blue: it is one of br0",
    );
  });

  test("DEL: the VRF goes with its last interface", () => {
    const port = { ...link, master: name };
    const other = { ...port, name: parseIfName("eth1") };
    const del = (...links: readonly LinkFact[]) => planRelease(name, "eth0", links).map(printOp);
    expect(del(vrf(1), port)).toEqual(["ip -n pod link set dev eth0 nomaster", "ip -n pod link delete dev blue"]);
    expect(del(vrf(1), port, other)).toEqual(["ip -n pod link set dev eth0 nomaster"]);
    expect(del(vrf(1), link)).toEqual(["ip -n pod link delete dev blue"]);
    expect(del(vrf(1), other)).toEqual([]);
    expect(del({ ...vrf(1), kind: "bridge" }, port)).toEqual([]);
    expect(del(port)).toEqual([]);
  });
});

describe("the configuration", () => {
  test("zero is any table", () => {
    expect(parseVrf(callWith({ VrfName: "blue", table: 0 }))).toEqual({ name });
    expect(parseVrf(callWith({ vrfname: "blue", table: 4 }))).toEqual({ name, table: 4 });
  });

  test.each([
    [{}, "7 invalid network configuration: vrfname is missing; at vrfname"],
    [{ vrfname: "" }, "at vrfname"],
    [{ vrfname: "a/b" }, "at vrfname"],
    [{ vrfname: "blue", table: -1 }, "at table"],
  ])("%j is refused, but not by DEL", (conf: JsonObject, text) => {
    expect(faultOf(() => parseVrf(callWith(conf)))).toContain(text);
    expect(() => parseVrf(callWith(conf, { command: "DEL" }))).not.toThrow();
  });
});

describe("CHECK", () => {
  const port = { ...link, master: name };
  const check = (one: LinkFact, device: LinkFact | undefined) => () => checkVrf({ name, table: 1 }, one, device);
  test("what ADD made passes", () => expect(check(port, vrf(1))).not.toThrow());
  test.each([
    [port, undefined, "105 there is no VRF blue"],
    [port, vrf(2), "105 the table of blue is 2, not 1"],
    [port, { ...vrf(1), kind: "bridge" }, "105 blue is bridge, not a VRF"],
    [port, vrf(1, { up: false }), "105 blue is down, not up"],
    [link, vrf(1), "105 the master of eth0 is none, not blue"],
  ])("%# is found", (one: LinkFact, device, text) => expect(faultOf(check(one, device))).toContain(text));
});
