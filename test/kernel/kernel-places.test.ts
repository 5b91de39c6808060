/** Namespaces that others use too, given by paths: the kernel numbers the links, and nothing is read that is not spoken of. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Op } from "../../src/change/index.ts";
import { RealKernel } from "../../src/kernel/index.ts";
import { must } from "../must.ts";
import { addr, bridge, ifname, prefix, route, veth } from "../contract/wishes.ts";

beforeAll(() => {
  must("ip", "netns", "add", "pod");
  must("ip", "link", "add", "other0", "type", "veth", "peer", "other1");
});
afterAll(() => {
  must("ip", "netns", "del", "pod");
  must("ip", "link", "del", "other0");
});

const places = { host: "", pod: "/run/netns/pod" };

test("a pair between the caller's own namespace and one given by its path, in one run", () => {
  using kernel = new RealKernel({ places });
  const ops: readonly Op[] = [
    { do: "link.add", netns: "host", link: bridge("br0") },
    {
      do: "link.add",
      netns: "pod",
      link: { ...veth("eth0", "host/vethx", { up: false }), altNames: ["a-name-longer-than-fifteen-bytes"] },
      peer: veth("vethx", "pod/eth0", { master: ifname("br0"), alias: "ours" }),
    },
    { do: "addr.add", netns: "pod", dev: ifname("eth0"), addr: addr("10.4.0.2/24") },
    { do: "link.set", netns: "pod", name: ifname("eth0"), set: { up: true }, was: {} },
    { do: "route.put", netns: "pod", route: route("default via 10.4.0.1") },
    { do: "addr.add", netns: "host", dev: ifname("br0"), addr: { prefix: prefix("10.4.0.1/24") } },
  ];
  kernel.run(ops);
  expect(kernel.link("host", "vethx")).toMatchObject({ kind: "veth", master: "br0", alias: "ours", up: true });
  expect(kernel.link("pod", "eth0")?.addrs.map((one) => one.prefix)).toContain(prefix("10.4.0.2/24"));
  const seen = JSON.parse(must("ip", "-j", "-d", "link", "show", "vethx")) as { master: string; linkinfo: unknown }[];
  expect(seen[0]).toMatchObject({ master: "br0", ifalias: "ours", operstate: "UP" });
  expect(must("ip", "-n", "pod", "route")).toContain("default via 10.4.0.1 dev eth0");
  expect(must("ip", "-n", "pod", "link", "show", "eth0")).toContain("altname a-name-longer-than-fifteen-bytes");
  must("ping", "-c1", "-W2", "10.4.0.2");
});

test("a number that somebody else's link took meanwhile is never chosen", () => {
  using kernel = new RealKernel({ places });
  kernel.link("host", "lo");
  must("ip", "link", "add", "late0", "type", "veth", "peer", "late1");
  kernel.run([{ do: "link.add", netns: "host", link: bridge("br1") }]);
  expect(must("ip", "-o", "link", "show", "br1")).toContain("br1");
  must("ip", "link", "del", "late0");
  must("ip", "link", "del", "br1");
});

test("what is made inside one run can be deleted in it", () => {
  using kernel = new RealKernel({ places });
  kernel.run([
    { do: "link.add", netns: "host", link: bridge("br2") },
    { do: "link.delete", netns: "host", name: ifname("br2") },
  ]);
  expect(kernel.link("host", "br2")).toBeUndefined();
});

test("a path without a namespace behind it is told", () => {
  using kernel = new RealKernel({ places: { gone: "/run/netns/none", file: "/etc/hosts" } });
  expect(() => kernel.link("gone", "eth0")).toThrow("there is no namespace at /run/netns/none");
  expect(() => kernel.link("file", "eth0")).toThrow("/etc/hosts is a plain file");
  expect(kernel.facts({ namespaces: ["gone", "file"] }).size).toBe(0);
});
