import { expect, test } from "bun:test";
import { parseLabText } from "./file/index.ts";
import { natureOf } from "./nature.ts";
import { resolve } from "./resolve/index.ts";

/** Who of `from` reaches whom of `to`, a word each: `a>b`. */
function reached(text: string, from: readonly string[], to: readonly string[], family?: 4 | 6): string {
  const nature = natureOf(resolve(parseLabText(`name: x\n${text}`, "a.yaml")));
  return from
    .flatMap((one) =>
      to.filter((other) => other !== one && nature(one, other, family)).map((other) => `${one}>${other}`),
    )
    .join(" ");
}

const twoLans = "underlay: {lans: [{name: blue}, {name: green}]}\npods: {count: 1, name: '<network>%d'}";
const apart = "addresses: {ipv4: 10.0.0.0/8/24, net: 0, gatewayHost: none}";
const outside = "externals: [{name: eb, lan: blue, number: 9}, {name: eg, lan: green, number: 9}]";
const bridged = "networks: [{name: b, join: {kind: l2, lan: blue}}, {name: g, join: {kind: l2, lan: green}}]";

test("isolated networks with the same addresses: everybody his own, and the node nobody", () => {
  const lab = [twoLans, apart, outside, bridged].join("\n");
  const all = ["b1", "g1", "eb", "eg"];
  expect(reached(lab, [...all, "vm-001"], all)).toBe("b1>eb g1>eg eb>b1 eg>g1");
});

test("networks whose nodes have addresses in them are routed to each other by a node on both", () => {
  const lab = "pods: {count: 1, name: '<network>%d-<node>'}\nnodes: 2\nnetworks:\n";
  const own = (name: string, ipv4: string, join: string): string =>
    `- {name: ${name}, addresses: {ipv4: ${ipv4}}, join: ${join}}\n`;
  const all = ["a1-vm-001", "a1-vm-002", "b1-vm-001", "b1-vm-002"];
  const joined = own("a", "10.1.0.0/16/24", "vxlan") + own("b", "10.2.0.0/16/24", "routes");
  expect(reached(lab + joined, ["a1-vm-001"], all)).toBe("a1-vm-001>a1-vm-002 a1-vm-001>b1-vm-001 a1-vm-001>b1-vm-002");
  // b's pods on the other node are not known on this one.
  const half = own("a", "10.1.0.0/16/24", "routes") + own("b", "10.2.0.0/16/24", "none");
  expect(reached(lab + half, ["a1-vm-001", "b1-vm-001"], all)).toBe(
    "a1-vm-001>a1-vm-002 a1-vm-001>b1-vm-001 b1-vm-001>a1-vm-001",
  );
});

const outsideLan = "nodes: 2\npods: 1\nunderlay: {prefixes: 192.168.1.0/24}\naddresses: {ipv4: 10.0.0.0/8/24}\n";

test("who is outside answers pods only by a way it has: a gateway that knows them, or the node's address", () => {
  const from = ["vm-001", "vm-001-ns01", "vm-002-ns01", "e"];
  const lab = (more: string): string => reached(`${outsideLan}${more}`, from, from.slice(1));
  const own = "vm-001>vm-001-ns01 vm-001>e";
  expect(lab("network: {join: none}\nexternals: [{name: e}]")).toBe(own);
  expect(lab("network: {join: none, masquerade: true}\nexternals: [{name: e}]")).toBe(
    `${own} vm-001-ns01>e vm-002-ns01>e`,
  );
  expect(lab("network: {join: none}\nexternals: [{name: e, gateway: vm-001}]")).toBe(
    `${own} vm-001-ns01>e e>vm-001-ns01`,
  );
  expect(lab("network: {join: routes}\nexternals: [{name: e, gateway: vm-001}]").split(" ")).toContain("e>vm-002-ns01");
});

test("a family without a way is not reached in it", () => {
  const lab = [
    "pods: 1",
    "underlay: {prefixes: [192.168.1.0/24, 'fd00::/64']}",
    "network: {join: none}",
    "externals: [{name: e, addresses: [192.168.1.9/24, 'fd77::9/64'], gateway: vm-001}]",
  ].join("\n");
  const pair = [["vm-001-ns01"], ["e"]] as const;
  expect(reached(lab, ...pair, 4)).toBe("vm-001-ns01>e");
  expect(reached(lab, ...pair, 6)).toBe("");
});
