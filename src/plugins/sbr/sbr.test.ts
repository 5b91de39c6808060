import { describe, expect, test } from "bun:test";
import { type RouteFact, printOp } from "../../change/index.ts";
import type { IpConfig, JsonObject } from "../../cni/index.ts";
import { parseIfName, parseIp, parsePrefix } from "../../values/index.ts";
import { bridged, callWith, faultOf } from "../_call-fixture.ts";
import { type SbrFacts, addressesOf, checkSbr, planRelease, planSbr } from "./plan.ts";
import { parseSbr } from "./schema.ts";

const dev = parseIfName("eth0");
const route = (dst: string, rest: Partial<RouteFact> & { readonly gw?: string } = {}): RouteFact => {
  const { gw, ...others } = rest;
  return { dst: parsePrefix(dst), dev, protocol: "boot", ...(gw !== undefined && { via: parseIp(gw) }), ...others };
};
const kernel = (dst: string, src?: string): RouteFact =>
  src === undefined
    ? route(dst, { protocol: "kernel", metric: 256 })
    : route(dst, { protocol: "kernel", src: parseIp(src) });
const four: IpConfig = { address: parsePrefix("10.0.0.2/24"), gateway: parseIp("10.0.0.1") };
const six: IpConfig = { address: parsePrefix("fd00::2/64"), gateway: parseIp("fd00::1") };
const facts: SbrFacts = {
  routes: [
    route("0.0.0.0/0", { gw: "10.0.0.1" }),
    kernel("10.0.0.0/24", "10.0.0.2"),
    route("10.5.0.0/16", { gw: "10.0.0.9", mtu: 1400 }),
    kernel("fd00::/64"),
    kernel("fe80::/64"),
    route("::/0", { gw: "fd00::1", metric: 1024 }),
    route("192.0.2.0/24", { dev: parseIfName("eth1") }),
  ],
  rules: [],
};
const plan = (conf: JsonObject, ips: readonly IpConfig[] = [four], seen = facts) =>
  planSbr(parseSbr(callWith(conf)), ips, dev, seen).map(printOp);

describe("the plan", () => {
  test("each address has a table; the main one loses the interface's routes", () => {
    expect(plan({}, [four, six])).toEqual([
      "ip -n pod route replace 10.0.0.0/24 dev eth0 src 10.0.0.2 table 100",
      "ip -n pod route replace default via 10.0.0.1 dev eth0 table 100",
      "ip -n pod route replace 10.5.0.0/16 via 10.0.0.9 dev eth0 table 100 mtu 1400",
      "ip -4 -n pod rule add priority 32765 from 10.0.0.2/32 lookup 100",
      "ip -n pod route replace fd00::/64 dev eth0 metric 256 table 101",
      "ip -n pod route replace ::/0 via fd00::1 dev eth0 metric 1024 table 101",
      "ip -6 -n pod rule add priority 32765 from fd00::2/128 lookup 101",
      "ip -n pod route delete default via 10.0.0.1 dev eth0",
      "ip -n pod route delete 10.5.0.0/16 via 10.0.0.9 dev eth0 mtu 1400",
      "ip -n pod route delete ::/0 via fd00::1 dev eth0 metric 1024",
      "ip -n pod route delete 10.0.0.0/24 dev eth0 src 10.0.0.2",
      "ip -n pod route delete fd00::/64 dev eth0 metric 256",
    ]);
  });

  test("a default route that somebody took away, by the result's gateway; two addresses of a family", () => {
    const second: IpConfig = { address: parsePrefix("10.0.0.3/24"), gateway: parseIp("10.0.0.1") };
    const seen = { routes: [kernel("10.0.0.0/24", "10.0.0.2")], rules: [] };
    expect(plan({}, [four, second], seen)).toEqual([
      "ip -n pod route replace 10.0.0.0/24 dev eth0 src 10.0.0.2 table 100",
      "ip -n pod route replace default via 10.0.0.1 dev eth0 table 100",
      "ip -4 -n pod rule add priority 32765 from 10.0.0.2/32 lookup 100",
      "ip -n pod route replace 10.0.0.0/24 dev eth0 src 10.0.0.2 table 101",
      "ip -n pod route replace default via 10.0.0.1 dev eth0 table 101",
      "ip -4 -n pod rule add priority 32764 from 10.0.0.3/32 lookup 101",
      "ip -n pod route delete 10.0.0.0/24 dev eth0 src 10.0.0.2",
    ]);
  });

  test("tables and priorities in use are passed over", () => {
    const seen: SbrFacts = {
      routes: [...facts.routes.slice(0, 2), route("10.8.0.0/16", { dev: parseIfName("eth1"), table: 101 })],
      rules: [{ family: 4, priority: 32000, table: 100 }],
    };
    expect(plan({}, [four], seen).find((line) => line.includes("rule"))).toBe(
      "ip -4 -n pod rule add priority 31999 from 10.0.0.2/32 lookup 102",
    );
  });

  test("a table that was given has its routes: only rules are made", () => {
    expect(plan({ table: 2000 }, [four, six])).toEqual([
      "ip -4 -n pod rule add priority 32765 from 10.0.0.2/32 lookup 2000",
      "ip -6 -n pod rule add priority 32765 from fd00::2/128 lookup 2000",
    ]);
  });

  test("a gateway that was given stands in for the default routes that are there", () => {
    expect(plan({ gateways: ["10.0.0.254"] }).slice(0, 3)).toEqual([
      "ip -n pod route replace 10.0.0.0/24 dev eth0 src 10.0.0.2 table 100",
      "ip -n pod route replace default via 10.0.0.254 dev eth0 table 100",
      "ip -n pod route replace 10.5.0.0/16 via 10.0.0.9 dev eth0 table 100 mtu 1400",
    ]);
  });

  test("source hints: the main table keeps the way to the prefix", () => {
    expect(plan({ addSourceHints: true }).slice(4)).toEqual([
      "ip -n pod route delete default via 10.0.0.1 dev eth0",
      "ip -n pod route delete 10.5.0.0/16 via 10.0.0.9 dev eth0 mtu 1400",
      "ip -n pod route delete ::/0 via fd00::1 dev eth0 metric 1024",
      "ip -n pod route replace 10.0.0.0/24 dev eth0 src 10.0.0.2",
    ]);
  });

  test("a route with several ways goes as one", () => {
    const hop = (last: number) => ({ via: parseIp(`10.0.0.${last}`), dev });
    const { dev: _, ...both } = route("10.7.0.0/16", { multipath: [hop(5), hop(6)] });
    const lines = plan({}, [four], { routes: [...facts.routes.slice(0, 2), both], rules: [] });
    expect(lines).toContain(
      "ip -n pod route replace 10.7.0.0/16 table 100 nexthop via 10.0.0.5 dev eth0 nexthop via 10.0.0.6 dev eth0",
    );
    const split = { ...both, multipath: [hop(5), { via: parseIp("10.1.0.6"), dev: parseIfName("eth1") }] };
    expect(plan({}, [four], { routes: [split], rules: [] }).join()).not.toContain("10.7.0.0");
  });

  test("DEL: rules from the addresses, of a table that was given only those into it", () => {
    const rule = { family: 4, priority: 9, from: parsePrefix("10.0.0.2/32") } as const;
    const rules = [
      { ...rule, table: 100 },
      { ...rule, table: 7 },
      { ...rule, table: 8, from: parsePrefix("10.0.0.3/32") },
    ];
    const addresses = [parseIp("10.0.0.2")];
    const del = (conf: JsonObject) =>
      planRelease(parseSbr(callWith(conf, { command: "DEL" })), addresses, rules).map(printOp);
    expect(del({ gateways: "nonsense" })).toHaveLength(2);
    expect(del({ table: 7 })).toEqual(["ip -4 -n pod rule delete priority 9 from 10.0.0.2/32 lookup 7"]);
  });
});

describe("the configuration", () => {
  test.each([
    [{ table: 0 }, "7 invalid network configuration: table is 0; at table: write a number from 1 to"],
    [{ gateways: ["10.0.0.1", "fd00::1", "10.0.0.2"] }, "at gateways[2]: write at most one for each family"],
    [{ gateways: ["zz"] }, "at gateways[0]"],
    [{ addSourceHints: "yes" }, "at addSourceHints"],
  ])("%j is refused", (conf: JsonObject, text) => {
    expect(faultOf(() => parseSbr(callWith(conf)))).toContain(text);
  });

  test("an interface without addresses", () => {
    expect(addressesOf(bridged, callWith({}))).toHaveLength(2);
    expect(faultOf(() => addressesOf(bridged, callWith({}, { ifname: "net1" })))).toContain(
      "7 cannot ADD: interface net1 has no address",
    );
    expect(addressesOf({ ips: [four] }, callWith({}))).toEqual([four]);
  });
});

describe("CHECK", () => {
  const rule = { family: 4, priority: 32765, table: 100, from: parsePrefix("10.0.0.2/32") } as const;
  const out = route("0.0.0.0/0", { gw: "10.0.0.1", table: 100 });
  const check = (conf: JsonObject, seen: SbrFacts) => () => checkSbr(parseSbr(callWith(conf)), [four], dev, seen);

  test("what ADD made passes", () => {
    expect(check({}, { routes: [out], rules: [rule] })).not.toThrow();
    expect(check({ table: 100 }, { routes: [], rules: [rule] })).not.toThrow();
  });

  test("a rule or a way out that is missing is found", () => {
    expect(faultOf(check({}, { routes: [out], rules: [] }))).toContain(
      "105 no rule sends packets from 10.0.0.2 to a table of its own",
    );
    expect(faultOf(check({ table: 7 }, { routes: [], rules: [rule] }))).toContain(
      "no rule sends packets from 10.0.0.2 to table 7",
    );
    expect(faultOf(check({}, { routes: [{ ...out, dev: parseIfName("eth1") }], rules: [rule] }))).toContain(
      "105 table 100 has no default route by eth0 for packets from 10.0.0.2",
    );
  });
});
