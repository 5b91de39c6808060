import { expect, test } from "bun:test";
import { call, makePod, sh, shown } from "./chained-call.ts";

const prevResult = makePod("p1", 1);
const at = { pod: "p1" };
const conf = { prevResult };

interface Route {
  readonly dst: string;
  readonly gateway?: string;
  readonly prefsrc?: string;
}
const routes = (words: string) => shown<Route>(`ip -n p1 -j ${words}`).map(({ dst, gateway }) => [dst, gateway]);
const rules = (family: 4 | 6) =>
  shown<{ src: string; table: string; priority: number }>(`ip -${family} -n p1 -j rule show`)
    .filter(({ priority }) => priority > 0 && priority < 32766)
    .map(({ src, table, priority }) => [src, table, priority]);

test("sbr: tables and rules as ip shows them, and the pod still reaches its gateway", async () => {
  const added = await call("sbr", "ADD", at, conf);
  expect(added).toMatchObject({ exit: 0, log: [] });
  expect(added.out.ips).toHaveLength(2);
  expect(rules(4)).toEqual([["10.9.1.2", "100", 32765]]);
  expect(rules(6)).toEqual([["fd09::1:2", "101", 32765]]);
  expect(routes("route show table 100")).toEqual([
    ["default", "10.9.1.1"],
    ["10.9.1.0/24", undefined],
  ]);
  expect(routes("-6 route show table 101")).toEqual([
    ["fd09::1:0/112", undefined],
    ["default", "fd09::1:1"],
  ]);
  expect(routes("route show")).toEqual([]);
  expect(routes("-6 route show").filter(([dst]) => dst !== "fe80::/64")).toEqual([]);
  sh("ip netns exec p1 ping -c 1 -W 2 -I 10.9.1.2 10.9.1.1");
  sh("ip netns exec p1 ping -6 -c 1 -W 2 -I fd09::1:2 fd09::1:1");
  expect(await call("sbr", "CHECK", at, conf)).toMatchObject({ exit: 0 });
  sh("ip -n p1 route del default table 100");
  expect(await call("sbr", "CHECK", at, conf)).toMatchObject({
    exit: 1,
    out: { code: 105, msg: "table 100 has no default route by eth0 for packets from 10.9.1.2" },
  });
  for (let i = 0; i < 2; i++) expect(await call("sbr", "DEL", at, conf)).toMatchObject({ exit: 0 });
  expect([...rules(4), ...rules(6)]).toEqual([]);
});

test("sbr: an ADD that fails puts the routes back", async () => {
  makePod("p2", 2);
  const picture = () =>
    sh("ip -n p2 route; ip -n p2 -6 route; ip -n p2 rule; ip -n p2 -6 rule").replaceAll(/ +(?:proto \w+ +)?/g, " ");
  const wrong = {
    interfaces: [{ name: "eth0", sandbox: "/run/netns/p2" }],
    ips: [{ address: "10.9.2.2/24", gateway: "192.0.2.1", interface: 0 }],
  };
  sh("ip -n p2 route del default");
  const before = picture();
  const failed = await call("sbr", "ADD", { pod: "p2" }, { prevResult: { cniVersion: "1.1.0", ...wrong } });
  expect(failed).toMatchObject({
    exit: 1,
    out: { code: 100, msg: expect.stringContaining("via 192.0.2.1") as string },
  });
  expect(picture()).toBe(before);
});

test("sbr: a table of somebody else, and source hints", async () => {
  const three = makePod("p3", 3);
  const one = { pod: "p3" };
  expect((await call("sbr", "ADD", one, { prevResult: three, table: 2000 })).exit).toBe(0);
  expect(sh("ip -n p3 rule show table 2000")).toMatch(/^32765:\tfrom 10\.9\.3\.2 lookup 2000\s*$/);
  expect((await call("sbr", "DEL", one, { prevResult: three, table: 2000 })).exit).toBe(0);
  expect((await call("sbr", "ADD", one, { prevResult: three, addSourceHints: true })).exit).toBe(0);
  expect(shown<Route>("ip -n p3 -j route show")).toMatchObject([{ dst: "10.9.3.0/24", prefsrc: "10.9.3.2" }]);
  sh("ip netns exec p3 ping -c 1 -W 2 10.9.3.1");
});
