import { expect, test } from "bun:test";
import type { RouteFact } from "../change/index.ts";
import { parseIp, parsePrefix } from "../values/index.ts";
import { routeDifferences } from "./_check.ts";

const ips = ["10.7.0", "fd07:"].map((net, at) => ({
  address: parsePrefix(`${net}${at === 0 ? ".2/24" : ":2/64"}`),
  gateway: parseIp(`${net}${at === 0 ? ".1" : ":1"}`),
}));

/** `DST via GATEWAY dev DEV table TABLE`, any but the first left out. */
function route(text: string): RouteFact {
  const [dst = "", ...words] = text.split(" ");
  const word = (key: string) => (words.includes(key) ? words[words.indexOf(key) + 1] : undefined);
  const [via, table] = [word("via"), word("table")];
  return {
    dst: parsePrefix(dst),
    dev: word("dev") ?? "eth0",
    protocol: "static",
    ...(via !== undefined && { via: parseIp(via) }),
    ...(table !== undefined && { table: Number(table) }),
  } as RouteFact;
}

const [four, six, net] = [parsePrefix("0.0.0.0/0"), parsePrefix("::/0"), parsePrefix("10.0.0.0/8")];

test.each([
  ["as ADD put it", { dst: four }, ["0.0.0.0/0 via 10.7.0.1"], []],
  ["of the other family", { dst: six }, ["::/0 via fd07::1"], []],
  ["by another gateway", { dst: six }, ["::/0 via fd07::9"], ["the route to ::/0 goes via fd07::9, not via fd07::1"]],
  [
    "by an interface alone",
    { dst: four },
    ["0.0.0.0/0 dev eth1"],
    ["the route to 0.0.0.0/0 goes via no gateway on eth1, not via 10.7.0.1"],
  ],
  ["beside another network's", { dst: four }, ["0.0.0.0/0 via 10.8.0.1 dev eth1", "0.0.0.0/0 via 10.7.0.1"], []],
  ["by the gateway that it names", { dst: net, gw: parseIp("10.7.0.5") }, ["10.0.0.0/8 via 10.7.0.5"], []],
  [
    "not by the gateway that it names",
    { dst: net, gw: parseIp("10.7.0.5") },
    ["10.0.0.0/8 via 10.7.0.1"],
    ["the route to 10.0.0.0/8 goes via 10.7.0.1, not via 10.7.0.5"],
  ],
  ["whose host bits the kernel has dropped", { dst: parsePrefix("10.1.2.3/8") }, ["10.0.0.0/8 via 10.7.0.1"], []],
  ["gone", { dst: four }, ["10.0.0.0/8 via 10.7.0.1"], ["there is no route to 0.0.0.0/0 via 10.7.0.1"]],
  ["moved by a later plugin", { dst: net }, ["10.0.0.0/8 via 10.7.0.1 table 100"], []],
  ["moved to other gateways by a later plugin", { dst: four }, ["0.0.0.0/0 via 10.7.0.9 table 100"], []],
  [
    "of another interface in another table",
    { dst: four },
    ["0.0.0.0/0 via 10.8.0.1 dev eth1 table 100"],
    ["there is no route to 0.0.0.0/0 via 10.7.0.1"],
  ],
] as const)("a route %s", (_, wanted, routes, differences) => {
  expect(routeDifferences(wanted, ips, "eth0", routes.map(route))).toEqual([...differences]);
});

test("a route to several gateways, of which one is ours", () => {
  const hops = ["10.7.0.9", "10.7.0.1"].map((via) => ({ via: parseIp(via), dev: "eth0" }));
  const both = { dst: four, protocol: "static", multipath: hops } as unknown as RouteFact;
  expect(routeDifferences({ dst: four }, ips, "eth0", [both])).toEqual([]);
  expect(routeDifferences({ dst: four, gw: parseIp("10.7.0.7") }, ips, "eth0", [both])).toEqual([
    "the route to 0.0.0.0/0 goes via 10.7.0.9 and 10.7.0.1, not via 10.7.0.7",
  ]);
});

test("a route for which there is no gateway at all may go anywhere", () => {
  expect(routeDifferences({ dst: net, scope: 253 }, ips, "eth0", [route("10.0.0.0/8")])).toEqual([]);
  expect(routeDifferences({ dst: net, gw: parseIp("0.0.0.0") }, ips, "eth0", [route("10.0.0.0/8")])).toEqual([]);
  expect(routeDifferences({ dst: four }, [], "eth0", [route("0.0.0.0/0 dev eth0")])).toEqual([]);
});
