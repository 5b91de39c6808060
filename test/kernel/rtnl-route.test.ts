import { expect, test } from "bun:test";
import {
  addAddr,
  addRoute,
  addRule,
  delAddr,
  delLink,
  delRoute,
  delRule,
  listAddrs,
  listRoutes,
  listRules,
  lookupRoute,
  putRoute,
} from "../../src/rtnl/index.ts";
import { parseIp, parsePrefix } from "../../src/values/index.ts";
import { ip, pair, socket } from "./rtnl-witness.ts";

interface ShownAddr {
  readonly addr_info: readonly Readonly<Record<string, unknown>>[];
}

test("addresses", () => {
  const index = pair("a0");
  const addrs = () => ip<ShownAddr>("addr", "show", "dev", "a0")[0]?.addr_info ?? [];
  socket.run(addAddr({ index, prefix: parsePrefix("10.1.2.3/24") }));
  socket.run(addAddr({ index, prefix: parsePrefix("10.9.0.1/32"), peer: parseIp("10.9.0.2"), noPrefixRoute: true }));
  socket.run(addAddr({ index, prefix: parsePrefix("2001:db8:1::5/64"), noDad: true, valid: 3600, preferred: 1800 }));
  // Seconds go by: within 50 of it.
  const left = (seconds: number): unknown => expect.closeTo(seconds - 40, -2);
  expect(addrs()).toMatchObject([
    { local: "10.1.2.3", prefixlen: 24, scope: "global" },
    { local: "10.9.0.1", address: "10.9.0.2", prefixlen: 32, noprefixroute: true },
    {
      local: "2001:db8:1::5",
      prefixlen: 64,
      nodad: true,
      valid_life_time: left(3600),
      preferred_life_time: left(1800),
    },
  ]);
  expect(addrs()[0]?.["broadcast"]).toBeUndefined();
  expect(socket.dump(listAddrs({ index }))).toMatchObject([
    { index, prefix: "10.1.2.3/24", scope: "universe", flags: ["permanent"] },
    { index, prefix: "10.9.0.1/32", peer: "10.9.0.2", flags: ["permanent", "noPrefixRoute"] },
    { index, prefix: "2001:db8:1::5/64", flags: ["noDad"], valid: left(3600), preferred: left(1800) },
  ]);
  expect(() => socket.run(addAddr({ index, prefix: parsePrefix("10.1.2.3/24") }))).toThrow("EEXIST");
  socket.run(addAddr({ index, prefix: parsePrefix("10.1.2.3/24"), replace: true }));
  socket.run(delAddr({ index, prefix: parsePrefix("10.1.2.3/24") }));
  expect(socket.dump(listAddrs({ index, family: 4 }))).toHaveLength(1);
  socket.run(delLink({ index }));
});

test("routes", () => {
  const index = pair("r0");
  socket.run(addAddr({ index, prefix: parsePrefix("192.0.2.1/24") }));
  socket.run(addAddr({ index, prefix: parsePrefix("2001:db8::1/64"), noDad: true }));
  const gateway = parseIp("192.0.2.2");
  const table = 1000;
  socket.run(
    addRoute({ dst: parsePrefix("10.2.0.0/16"), gateway, oif: index, table, metrics: { mtu: 1400, advmss: 1360 } }),
  );
  socket.run(
    putRoute({
      dst: parsePrefix("10.3.0.0/16"),
      gateway: parseIp("198.51.100.1"),
      oif: index,
      onlink: true,
      table,
      metric: 7,
    }),
  );
  socket.run(putRoute({ dst: parsePrefix("10.4.0.0/16"), type: "blackhole", table }));
  socket.run(
    putRoute({
      dst: parsePrefix("0.0.0.0/0"),
      table,
      multipath: [
        { gateway, oif: index, weight: 3 },
        { gateway: parseIp("192.0.2.3"), oif: index },
      ],
    }),
  );
  const seen = ip("route", "show", "table", String(table));
  expect(seen).toMatchObject([
    {
      dst: "default",
      protocol: "static",
      nexthops: [
        { gateway: "192.0.2.2", weight: 3 },
        { gateway: "192.0.2.3", weight: 1 },
      ],
    },
    { dst: "10.2.0.0/16", gateway: "192.0.2.2", dev: "r0", metrics: [{ mtu: 1400, advmss: 1360 }] },
    { dst: "10.3.0.0/16", gateway: "198.51.100.1", metric: 7, flags: ["onlink"] },
    { type: "blackhole", dst: "10.4.0.0/16" },
  ]);
  expect(socket.dump(listRoutes({ family: 4, table }))).toMatchObject([
    {
      dst: "0.0.0.0/0",
      multipath: [
        { gateway: "192.0.2.2", weight: 3 },
        { gateway: "192.0.2.3", weight: 1 },
      ],
    },
    {
      dst: "10.2.0.0/16",
      gateway: "192.0.2.2",
      oif: index,
      metrics: { mtu: 1400, advmss: 1360 },
      onlink: false,
      table,
    },
    { dst: "10.3.0.0/16", gateway: "198.51.100.1", metric: 7, onlink: true },
    { dst: "10.4.0.0/16", type: "blackhole" },
  ]);
  socket.run(
    putRoute({ dst: parsePrefix("2001:db8:9::/48"), gateway: parseIp("2001:db8::2"), oif: index, table, pref: "high" }),
  );
  expect(ip("-6", "route", "show", "table", String(table))).toMatchObject([
    { dst: "2001:db8:9::/48", gateway: "2001:db8::2", dev: "r0", pref: "high" },
  ]);
  expect(socket.dump(listRoutes({ family: 6, table }))).toMatchObject([
    { dst: "2001:db8:9::/48", pref: "high", oif: index },
  ]);
  expect(socket.ask(lookupRoute({ dst: parseIp("192.0.2.9") }))).toMatchObject({
    oif: index,
    prefSrc: "192.0.2.1",
    table: 254,
    type: "unicast",
  });
  socket.run(delRoute({ dst: parsePrefix("10.2.0.0/16"), table }));
  expect(() => socket.run(delRoute({ dst: parsePrefix("10.2.0.0/16"), table }))).toThrow("ESRCH");
  socket.run(delLink({ index }));
});

test("encapsulation", () => {
  const index = pair("e0");
  const encap = { type: "ip", id: 7n, dst: parseIp("198.51.100.9"), src: parseIp("192.0.2.1"), ttl: 9 } as const;
  const encap6 = { type: "ip6", id: 7n, dst: parseIp("2001:db8::9"), ttl: 9 } as const;
  socket.run(putRoute({ dst: parsePrefix("10.2.0.0/16"), oif: index, encap, table: 99 }));
  socket.run(putRoute({ dst: parsePrefix("2001:db8:2::/48"), oif: index, encap: encap6, table: 99 }));
  expect(ip("route", "show", "table", "99")).toMatchObject([
    { encap: "ip", id: 7, dst: "198.51.100.9", src: "192.0.2.1", ttl: 9 },
  ]);
  expect(ip("-6", "route", "show", "table", "99")).toMatchObject([
    { encap: "ip6", id: 7, dst: "2001:db8::9", hoplimit: 9 },
  ]);
  expect(socket.dump(listRoutes({ family: 4, table: 99 }))[0]?.encap).toMatchObject(encap);
  expect(socket.dump(listRoutes({ family: 6, table: 99 }))[0]?.encap).toMatchObject(encap6);
  socket.run(delLink({ index }));
});

test("rules", () => {
  const rule = {
    family: 4,
    from: parsePrefix("10.0.0.0/8"),
    mark: 0x10,
    mask: 0xff,
    iif: "lo",
    table: 1000,
    priority: 60,
  } as const;
  socket.run(addRule(rule));
  expect(ip("rule", "show", "priority", "60")).toMatchObject([
    { src: "10.0.0.0", srclen: 8, fwmark: "0x10", fwmask: "0xff", iif: "lo", table: "1000" },
  ]);
  expect(socket.dump(listRules(4)).find(({ priority }) => priority === 60)).toMatchObject({
    ...rule,
    action: "lookup",
  });
  expect(() => socket.run(addRule(rule))).toThrow("EEXIST");
  socket.run(delRule({ family: 4, priority: 60 }));
  expect(ip("rule", "show", "priority", "60")).toEqual([]);
});
