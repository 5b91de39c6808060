import type { Case, CallStep, Conf } from "../case.ts";
import { againstReference } from "../against.ts";

const conf = (ipam: Conf): readonly Conf[] => [{ type: "static", ipam: { type: "static", ...ipam } }];
const one = { addresses: [{ address: "10.1.0.2/24", gateway: "10.1.0.1" }] };
const add: CallStep = { call: "ADD" };

const cases: readonly Case[] = [
  { name: "an address", chain: conf(one) },
  {
    name: "two families, routes, dns",
    chain: conf({
      addresses: [
        { address: "10.1.0.2/24", gateway: "10.1.0.1" },
        { address: "FD01:0::2/64", gateway: "fd01::1" },
      ],
      routes: [{ dst: "0.0.0.0/0" }, { dst: "192.0.2.0/24", gw: "10.1.0.9" }, { dst: "::/0", gw: "fd01::9" }],
      dns: { nameservers: ["10.1.0.53"], domain: "example.org", search: ["example.org"], options: ["ndots:2"] },
    }),
  },
  {
    name: "route attributes",
    version: "1.1.0",
    chain: conf({
      ...one,
      routes: [{ dst: "192.0.2.0/24", mtu: 1400, advmss: 1300, priority: 7, table: 100, scope: 253 }],
    }),
  },
  {
    name: "route attributes in an old result",
    version: "0.4.0",
    chain: conf({
      ...one,
      routes: [{ dst: "192.0.2.0/24", mtu: 1400, advmss: 1300, priority: 7, table: 100, scope: 253 }],
    }),
  },
  { name: "no address", chain: conf({}) },
  { name: "address with host bits and a mapped one", chain: conf({ addresses: [{ address: "::ffff:10.1.0.2/120" }] }) },
  {
    name: "arguments",
    chain: conf(one),
    steps: [
      { ...add, args: "IP=10.2.0.5/24" },
      { ...add, args: "IP=10.2.0.5/24,fd02::5/64;GATEWAY=10.2.0.1,fd02::1" },
      { ...add, args: "IP=10.2.0.5/24;GATEWAY=10.3.0.1" },
      { ...add, args: "IgnoreUnknown=1;FOO=BAR;IP=10.2.0.5/24" },
      { ...add, args: "FOO=BAR" },
      { ...add, args: "IP=10.2.0.5" },
      { ...add, args: "IP=10.2.0.5/24;GATEWAY=x" },
      { ...add, args: "IP=10.2.0.5/24;" },
      { ...add, args: "IP" },
      { ...add, args: "ip=10.2.0.5/24" },
      { ...add, args: "IgnoreUnknown=true;ip=10.2.0.5/24" },
    ],
  },
  {
    name: "args and runtimeConfig",
    chain: conf(one),
    steps: [
      { ...add, runtimeConfig: { ips: ["10.4.0.4/24"] } },
      { ...add, runtimeConfig: { ips: ["10.4.0.4/24", "fd04::4/64"] } },
      { ...add, runtimeConfig: { ips: ["10.4.0.4"] } },
      { ...add, runtimeConfig: { ips: [] } },
      { ...add, chain: [{ ...conf(one)[0], args: { cni: { ips: ["10.5.0.5/24"] } } }] },
      {
        ...add,
        chain: [{ ...conf(one)[0], args: { cni: { ips: ["10.5.0.5/24"] } } }],
        runtimeConfig: { ips: ["10.4.0.4/24"] },
      },
      { ...add, chain: [{ ...conf(one)[0], args: { cni: { ips: ["10.5.0.5"] } } }] },
      { ...add, chain: [{ ...conf(one)[0], args: { cni: { ips: ["10.5.0.5/24"] } } }], args: "IP=10.6.0.6/24" },
    ],
  },
  {
    name: "faults",
    chain: conf(one),
    steps: [
      { ...add, chain: conf({ addresses: [{ address: "10.1.0.2" }] }) },
      { ...add, chain: conf({ addresses: [{ address: "10.1.0.2/33" }] }) },
      { ...add, chain: conf({ addresses: [{ address: "" }] }) },
      { ...add, chain: conf({ addresses: [{ address: "10.1.0.2/24", gateway: "x" }] }) },
      { ...add, chain: conf({ addresses: "10.1.0.2/24" }) },
      { ...add, chain: conf({ routes: [{ dst: "10.1.0.2" }] }) },
      { ...add, chain: conf({ routes: [{ dst: "10.1.0.0/24", gw: "x" }] }) },
      { ...add, chain: [{ type: "static" }] },
    ],
  },
  {
    name: "two of one family in 0.2.0",
    version: "0.2.0",
    chain: conf({ addresses: [{ address: "10.1.0.2/24" }, { address: "10.1.0.3/24" }] }),
    steps: [add],
  },
  {
    name: "CHECK",
    chain: conf(one),
    steps: [
      add,
      { call: "CHECK" },
      { call: "CHECK", prevResult: false },
      { call: "CHECK", prevResult: { cniVersion: "1.0.0", ips: [{ address: "10.1.0.2/24", gateway: "10.1.0.9" }] } },
      { call: "CHECK", prevResult: { cniVersion: "1.0.0", ips: [{ address: "10.1.0.3/24" }] } },
      {
        call: "DEL",
        stdin: '{"cniVersion":"1.0.0","name":"net1","type":"static","ipam":{"type":"static","addresses":"x"}}',
      },
    ],
  },
];

await againstReference("static", cases);
