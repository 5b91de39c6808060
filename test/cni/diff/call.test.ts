/** What every plugin does before it looks at its own configuration, asked of one that needs nothing else. */
import type { Case, CallStep } from "../case.ts";
import { againstReference } from "../against.ts";

const chain = [{ type: "static", ipam: { type: "static", addresses: [{ address: "10.1.0.2/24" }] } }];
const add: CallStep = { call: "ADD" };
const conf = (more: string): string => `{"cniVersion":"1.0.0","name":"net1","type":"static"${more}}`;

const cases: readonly Case[] = [
  ...(["", "0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"].map((version) => ({
    name: `version "${version}"`,
    chain,
    version,
    steps: [
      add,
      { call: "CHECK" },
      { call: "DEL" },
      { call: "STATUS" },
      { call: "GC", valid: [] },
      { call: "VERSION" },
    ],
  })) satisfies Case[]),
  ...["9.9.9", "1.0", "1.2.0", "x", "1.0.0.0"].map((version) => ({
    name: `version "${version}"`,
    chain,
    version,
    steps: [add],
  })),
  {
    name: "wrong variables",
    chain,
    steps: [
      { ...add, env: { CNI_COMMAND: "add" } },
      { ...add, env: { CNI_COMMAND: "FOO" } },
      { ...add, env: { CNI_COMMAND: "FOO" }, stdin: "{" },
      { ...add, env: { CNI_CONTAINERID: null } },
      { ...add, env: { CNI_CONTAINERID: "", CNI_IFNAME: "", CNI_NETNS: "" } },
      { ...add, id: "-x" },
      { ...add, id: "a/../b" },
      { ...add, id: "a b" },
      { ...add, id: "a\n" },
      { ...add, id: "x".repeat(300) },
      { ...add, env: { CNI_NETNS: null } },
      { ...add, env: { CNI_IFNAME: null } },
      { ...add, ifname: "an-interface-of-16" },
      { ...add, ifname: "a/b" },
      { ...add, ifname: "a:b" },
      { ...add, ifname: "a b" },
      { ...add, ifname: "." },
      { ...add, ifname: ".." },
      { call: "CHECK", env: { CNI_NETNS: null } },
      { call: "DEL", env: { CNI_NETNS: null } },
      { call: "DEL", env: { CNI_CONTAINERID: null } },
    ],
  },
  {
    name: "no CNI_PATH",
    chain,
    steps: [
      { ...add, env: { CNI_PATH: null } },
      { call: "DEL", env: { CNI_PATH: null } },
    ],
  },
  {
    name: "no namespace",
    chain,
    steps: ["/dev/null", "/run/nowhere"].flatMap((netns) => [
      { ...add, netns },
      { call: "CHECK", netns },
      { call: "DEL", netns },
    ]),
  },
  {
    name: "wrong input",
    chain,
    steps: [
      { ...add, stdin: "" },
      { ...add, stdin: "{" },
      { ...add, stdin: "[]" },
      { ...add, stdin: "null" },
      { ...add, stdin: '"text"' },
      { ...add, stdin: "\u0000\u0001garbage" },
      { ...add, stdin: '{"cniVersion":"1.0.0","type":"static"}' },
      { ...add, stdin: '{"cniVersion":"1.0.0","name":"","type":"static"}' },
      { ...add, stdin: '{"cniVersion":"1.0.0","name":"a/b","type":"static"}' },
      { ...add, stdin: '{"cniVersion":"1.0.0","name":7,"type":"static"}' },
      { ...add, stdin: '{"cniVersion":1,"name":"net1","type":"static"}' },
      { ...add, stdin: `${conf("")}${conf("")}` },
      { ...add, stdin: `${conf("")} x` },
    ],
  },
  {
    name: "keys in any case",
    chain,
    steps: [
      {
        ...add,
        stdin:
          '{"CNIVERSION":"1.0.0","Name":"net1","TYPE":"static","IPAM":{"Type":"static","ADDRESSES":[{"address":"10.1.0.2/24","GateWay":"10.1.0.1"}],"ROUTES":[{"DST":"0.0.0.0/0"}]}}',
      },
      {
        ...add,
        stdin:
          '{"cniVersion":"1.0.0","name":"net1","type":"static","ipam":{"type":"static","addresses":[{"address":"10.1.0.2/24"}],"Addresses":[{"address":"10.1.0.3/24"}]}}',
      },
    ],
  },
];

await againstReference("static", cases, "call");
