import { expect, test } from "bun:test";
import type { CacheEntry } from "./cache.ts";
import { macOf, netnsOf, rememberedNetns } from "./remembered-netns.ts";

/** What podman 4.3 leaves: libcni did not remember the namespace then. */
const podman: CacheEntry = {
  network: "net1",
  containerId: "c1",
  ifname: "eth0",
  config: "",
  args: [],
  result: {
    interfaces: [
      { name: "br1", mac: "AA:00:00:00:00:01" },
      { name: "eth0", mac: "AA:00:00:00:00:02", sandbox: "/run/netns/netns-1" },
      { name: "eth1", mac: "AA:00:00:00:00:03", sandbox: "/run/netns/other" },
    ],
  },
};

test("the namespace is that of ADD's result where nobody remembered it", async () => {
  expect(netnsOf(podman)).toBe("/run/netns/netns-1");
  expect(await rememberedNetns(podman)).toBe("/run/netns/netns-1");
  expect(macOf(podman)).toBe("aa:00:00:00:00:02");
  expect(netnsOf({ ...podman, ifname: "eth1" })).toBe("/run/netns/other");
});

test("what is remembered counts, and no interface of the host", () => {
  expect(netnsOf({ ...podman, netns: "/run/netns/a" })).toBe("/run/netns/a");
  expect(netnsOf({ ...podman, ifname: "br1" })).toBeUndefined();
  expect(netnsOf({ ...podman, result: { interfaces: [{ name: "eth0", sandbox: "vm:7" }] } })).toBeUndefined();
  expect(netnsOf({ ...podman, result: { ip4: { ip: "10.1.0.2/24" } } })).toBeUndefined();
});
