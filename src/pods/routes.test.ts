import { expect, test } from "bun:test";
import type { RouteFact } from "../change/index.ts";
import { parseIfName, parseIp, parsePrefix } from "../values/index.ts";
import { gatewayFor, planDefaultRoutes, planNodeRoutes } from "./routes.ts";

const [pod, ifname] = [parseIfName("vm-001-ns01"), parseIfName("eth0")];
const net = (dst: string): RouteFact => ({ dst: parsePrefix(dst), dev: ifname, protocol: "kernel" });
const via = (dst: string, gateway: string, more: Partial<RouteFact> = {}): RouteFact => ({
  dst: parsePrefix(dst),
  via: parseIp(gateway),
  dev: ifname,
  protocol: "static",
  ...more,
});
const gateways = ["172.16.1.0/24", "192.168.1.1/24", "1000::1:ac10:100/120"].map(parsePrefix);

test("the gateway is what is in the pod's own network, else the last", () => {
  expect(gatewayFor(4, gateways, [parsePrefix("172.16.1.0/24")])).toBe(parseIp("172.16.1.0"));
  expect(gatewayFor(4, gateways, [])).toBe(parseIp("192.168.1.1"));
  expect(gatewayFor(6, gateways.slice(0, 2), [])).toBeUndefined();
});

test("default routes of the families that a pod has addresses of, in the place of others", () => {
  const routes = [net("172.16.1.0/24"), net("fe80::/64")];
  expect(planDefaultRoutes({ pod, ifname, routes }, gateways)).toEqual([
    {
      do: "route.put",
      netns: pod,
      route: { dst: parsePrefix("0.0.0.0/0"), via: parseIp("172.16.1.0"), dev: ifname },
    },
  ]);
  const old = via("0.0.0.0/0", "172.16.1.9", { mtu: 1400 });
  const [op] = planDefaultRoutes({ pod, ifname, routes: [...routes, old] }, gateways);
  expect(op).toMatchObject({ route: { via: "172.16.1.0", mtu: 1400 }, was: { via: "172.16.1.9", mtu: 1400 } });
  const there = via("0.0.0.0/0", "172.16.1.0");
  expect(planDefaultRoutes({ pod, ifname, routes: [...routes, there] }, gateways)).toEqual([]);
  expect(planDefaultRoutes({ pod, ifname, routes: [...routes, there] }, gateways, 1460)).toMatchObject([
    { route: { mtu: 1460 } },
  ]);
  expect(() => planDefaultRoutes({ pod, ifname, routes: [net("fe80::/64")] }, gateways)).toThrow(/no eth0 that is up/);
});

test("a node's routes: those that are there stay, another way is a conflict that names both", () => {
  const wanted = [{ dst: parsePrefix("172.16.2.0/24"), via: parseIp("192.168.1.2") }];
  expect(planNodeRoutes([], wanted)).toEqual([{ do: "route.put", netns: "node", route: wanted[0] as never }]);
  expect(planNodeRoutes([via("172.16.2.0/24", "192.168.1.2")], wanted)).toEqual([]);
  expect(() => planNodeRoutes([via("172.16.2.0/24", "192.168.1.9")], wanted)).toThrow(
    /172\.16\.2\.0\/24 via 192\.168\.1\.9 dev eth0 and shall have one via 192\.168\.1\.2/,
  );
  const wanted6 = [{ dst: parsePrefix("1000::2:0/120"), via: parseIp("1000::1") }];
  expect(planNodeRoutes([via("1000::2:0/120", "1000::1", { metric: 1024 })], wanted6)).toEqual([]);
});
