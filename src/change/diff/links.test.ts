import { expect, test } from "bun:test";
import { parseIfName } from "../../values/index.ts";
import type { NetnsFacts } from "../facts.ts";
import { printOp } from "../print.ts";
import type { LinkWish, Wish } from "../wish.ts";
import { diff } from "./index.ts";

const [eth1, port, tagged] = ["eth1", "p1", "eth1.100"].map(parseIfName) as [never, never, never];
const vlan: LinkWish = { spec: { kind: "vlan", name: tagged, lower: eth1, data: { id: 100 }, up: true } };

test("a VLAN goes up when the end of the cable below it is, which comes after all links are made", () => {
  const wish: Wish = {
    owner: "netloom:x",
    namespaces: [
      { name: "b", links: [{ spec: { kind: "veth", name: port, peer: { netns: "a", name: eth1 }, up: true } }] },
      {
        name: "a",
        links: [vlan, { spec: { kind: "veth", name: eth1, peer: { netns: "b", name: port }, up: true } }],
      },
    ],
  };
  const shown = diff(wish, new Map()).map(printOp);
  const at = (text: string): number => shown.findIndex((line) => line.includes(text));
  expect(shown[at("type vlan")]).toBe("ip -n a link add link eth1 name eth1.100 type vlan id 100");
  expect(at("link add name p1")).toBeLessThan(at("type vlan"));
  expect(at("link set dev eth1 up")).toBeGreaterThan(0);
  expect(at("link set dev eth1 up")).toBeLessThan(at("link set dev eth1.100 up"));
});

test("a link without IPv6, for it was too small, has its MTU before its IPv6 settings", () => {
  const spec = { kind: "dummy", name: port, mtu: 1430, addrGenMode: "none" } as const;
  const fact = {
    name: port,
    kind: "dummy",
    up: false,
    carrier: false,
    operState: "down",
    index: 2,
    addrs: [],
  } as const;
  const wish: Wish = { owner: "netloom:x", namespaces: [{ name: "a", links: [{ spec }] }] };
  const shown = (more: { readonly mtu: number; readonly addrGenMode?: "eui64" }) => {
    const rest = { sysctls: {}, routes: [], rules: [], neighs: [], fdb: [] };
    const netns: NetnsFacts = { name: "a", owner: "netloom:x", links: [{ ...fact, ...more }], ...rest };
    return diff(wish, new Map([["a", netns]])).map(printOp);
  };
  expect(shown({ mtu: 1000 })).toEqual([
    "ip -n a link set dev p1 mtu 1430",
    "ip -n a link set dev p1 addrgenmode none",
  ]);
  expect(shown({ mtu: 1400, addrGenMode: "eui64" })).toEqual([
    "ip -n a link set dev p1 mtu 1430",
    "ip -n a link set dev p1 addrgenmode none",
  ]);
  expect(shown({ mtu: 1500, addrGenMode: "eui64" })).toEqual(["ip -n a link set dev p1 mtu 1430 addrgenmode none"]);
});
