import { expect, test } from "bun:test";

import { LabFileError } from "./issue.ts";
import { labOf, parseLabText, parseLabTexts } from "./lab-file.ts";

function refusal(text: string): string {
  try {
    parseLabText(text, "a.yaml");
  } catch (error) {
    if (error instanceof LabFileError) return `${error.code}\n${error.message}`;
    throw error;
  }
  return "accepted";
}

test("a name is enough", () => {
  const { spec } = parseLabText("name: x", "a.yaml");
  expect(spec).toMatchObject({
    name: "x",
    nodes: 1,
    pods: 4,
    interface: "eth0",
    network: { driver: { kind: "bridge" } },
  });
});

test.each([
  ["name: x\nnodse: 2", 'schema\na.yaml:2:1: unknown key "nodse" (did you mean "nodes"?)'],
  ["name: x\nnodes: {cuont: 2}", 'schema\na.yaml:2:9: nodes: unknown key "cuont" (did you mean "count"?)'],
  [
    "name: x\nnetwork: {join: {kind: l2, vni: 1}}",
    'schema\na.yaml:2:28: network.join: unknown key "vni" (the keys here are kind, lan)',
  ],
])("an unknown key: %p", (text, message) => {
  expect(refusal(text)).toBe(message);
});

test.each([
  ["", 'schema\na.yaml:1:1: the file is empty (a lab has at least a name, like "name: demo")'],
  ["- a", "schema\na.yaml:1:1: must be a map, not a list"],
  ["name: x\npods: 3\npods: 4", "syntax\na.yaml:3:1: this key is here twice (remove one of the two)"],
  [
    "n\0a\0m\0e\0",
    "syntax\na.yaml:1:1: this is no text (a lab file is YAML in UTF-8; UTF-16 and binary files are not)",
  ],
  ["x".repeat(100), `schema\na.yaml:1:1: must be a map, not "${"x".repeat(60)}"…`],
  ["name: x\npods: .inf", "schema\na.yaml:2:7: pods: must be a number, a map or a list, not Infinity"],
  [
    "name: x\nexpect: [{from: *, to: x}]",
    'syntax\na.yaml:2:17: * begins the name of an anchor, and none is here (quote what shall be text: "*")',
  ],
  ["name: x\n\tnodes: 2", "syntax\na.yaml:2:1: a tab cannot indent YAML (use spaces)"],
  [
    "name: x\n---\nname: y",
    "syntax\na.yaml:2:1: a second document begins here (one file is one lab; put the other into a file of its own)",
  ],
  [
    "name: x\nnodes: *n",
    "syntax\na.yaml:2:8: nodes: *n stands for nothing (write &n before what it stands for, further up)",
  ],
  ["name: x\n<<: 3", "syntax\na.yaml:2:5: << takes a map (give it an alias of one)"],
])("wrong YAML: %p", (text, message) => {
  expect(refusal(text)).toBe(message);
});

test.each([
  ["nodes: 2", "schema\na.yaml:1:1: name: is missing (write text)"],
  ["name: x\nnodes: 0", "schema\na.yaml:2:8: nodes: must be at least 1, not 0"],
  ["name: x\nnodes: -1", "schema\na.yaml:2:8: nodes: must be at least 1, not -1"],
  [
    "name: x\nnetwork: {join: {kind: vxlan, vni: 99999999, over: ipv5}}",
    [
      "schema",
      "a.yaml:2:36: network.join.vni: must be at most 16777215, not 99999999",
      'a.yaml:2:52: network.join.over: must be ipv4 or ipv6, not "ipv5" (did you mean "ipv4"?)',
    ].join("\n"),
  ],
  ["name: x\nexpect: [{from: a, to: b, reach: 5}]", "schema\na.yaml:2:34: expect[0].reach: must be yes or no, not 5"],
  ["name: x\nnodes:", "schema\na.yaml:2:7: nodes: must be a number, a map or a list, not empty"],
  ["name: x\npods: 1.5", "schema\na.yaml:2:7: pods: must be a whole number, a map or a list, not 1.5"],
  [
    "name: x\nlinks: [{on: vm-001, rate: 100}]",
    "schema\na.yaml:2:28: links[0].rate: must be text, not 100 (quote it, or add its unit)",
  ],
  [
    "name: x\nnetwork: {join: vxlna}",
    'schema\na.yaml:2:17: network.join: must be none, l2, routes, vxlan or ip6tnl, not "vxlna" (did you mean "vxlan"?)',
  ],
  [
    "name: x\nnetwork: {join: {kind: vxlna}}",
    'schema\na.yaml:2:24: network.join.kind: must be none, l2, routes, vxlan or ip6tnl, not "vxlna" (did you mean "vxlan"?)',
  ],
  [
    "name: x\nunderlay: {prefixes: 192.168.1.1/24}",
    'schema\na.yaml:2:22: underlay.prefixes: "192.168.1.1/24" has host bits set; a LAN\'s prefix has none: 192.168.1.0/24',
  ],
  [
    "name: x\naddresses: {ipv4: fd00::/48/64}",
    'schema\na.yaml:2:19: addresses.ipv4: "fd00::/48/64" is IPv6; give an IPv4 template here',
  ],
  [
    "name: x\naddresses: {gatewayHost: 3}",
    'schema\na.yaml:2:12: addresses: pods need addresses: give "ipv4", "ipv6" or both',
  ],
  [
    "name: x\nlinks: [{on: vm-001}]",
    'schema\na.yaml:2:9: links[0]: nothing is done to this link; give "rate", "delay" or "loss"',
  ],
  [
    "name: x\nlinks: [{on: vm-001, jitter: 1ms}]",
    'schema\na.yaml:2:30: links[0].jitter: jitter varies a delay, and there is none; add "delay"',
  ],
])("a wrong value: %p", (text, message) => {
  expect(refusal(text)).toBe(message);
});

test("all that is wrong is told, in the order of the file", () => {
  expect(refusal("name: Big\npods: many\nexpect: [{from: a, to: b, reach: maybe}]")).toBe(
    [
      "schema",
      `a.yaml:1:7: name: "Big" cannot be used: a lab's name is 1 to 32 small letters, digits and dashes and begins and ends with a letter or digit`,
      'a.yaml:2:7: pods: must be a number, a map or a list, not "many"',
      'a.yaml:3:34: expect[0].reach: must be yes or no, not "maybe"',
    ].join("\n"),
  );
});

test("later texts are laid over earlier ones: maps key by key, all else as a whole", () => {
  const { spec, files } = parseLabTexts([
    { text: "name: x\nunderlay: {mtu: 9000}\nlinks: [{on: a, rate: 1mbit}]", filename: "a.yaml" },
    { text: "underlay: {prefixes: 10.0.0.0/24}\nlinks: []", filename: "b.yaml" },
  ]);
  expect(files).toEqual(["a.yaml", "b.yaml"]);
  expect(spec).toMatchObject({ name: "x", underlay: { mtu: 9000, prefixes: "10.0.0.0/24" }, links: [] });
});

test("an error in merged texts names the text it is in", () => {
  const texts = [
    { text: "name: x\npods: -1", filename: "a.yaml" },
    { text: "\nnodes: 0", filename: "b.yaml" },
  ];
  expect(() => parseLabTexts(texts)).toThrow(
    "b.yaml:2:8: nodes: must be at least 1, not 0\na.yaml:2:7: pods: must be at least 0, not -1",
  );
});

test("aliases and merge keys are followed, also to errors", () => {
  const text = "name: x\nlinks:\n  - &slow {on: a, rate: 1mbit}\n  - {<<: *slow, on: b}\n";
  expect(parseLabText(text, "a.yaml").spec.links).toMatchObject([
    { on: "a", rate: 125_000 },
    { on: "b", rate: 125_000 },
  ]);
});

test("an object is a lab as well; its errors have paths only", () => {
  expect(labOf({ name: "x", nodes: 2 }).spec.nodes).toBe(2);
  expect(() => labOf({ name: "x", nodes: 0 })).toThrow("nodes: must be at least 1, not 0");
});
