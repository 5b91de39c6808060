import { expect, test } from "bun:test";
import { parsePrefix } from "../values/index.ts";
import { callWith } from "./_call-fixture.ts";
import { chainOf, setUp, staleMasquerade } from "./_iptables-masquerade.ts";
import { Saved } from "./_iptables.ts";
import { referenceChain } from "./_reference-rules.ts";

const call = callWith({});
const chain = chainOf(call);
const addresses = [parsePrefix("10.8.0.3/24"), parsePrefix("10.8.0.4/24")];
const commands = setUp(4, call, addresses, new Saved(""));

test("rules as the reference's, all in one run", () => {
  const comment = String.raw`-m comment --comment "name: \"net1\" id: \"c1\""`;
  expect(commands).toEqual([
    `-N ${chain}`,
    `-A ${chain} -d 10.8.0.0/24 ${comment} -j ACCEPT`,
    `-A ${chain} ! -d 224.0.0.0/4 ${comment} -j MASQUERADE`,
    `-A POSTROUTING -s 10.8.0.3/32 ${comment} -j ${chain}`,
    `-A POSTROUTING -s 10.8.0.4/32 ${comment} -j ${chain}`,
  ]);
  expect(chain).toMatch(/^CNI-[0-9a-f]{24}$/);
  // The interface is part of it: two attachments of a container do not share a chain.
  expect(chainOf({ ...call, ifname: "eth1" })).not.toBe(chain);
});

test("they go by what iptables-save shows, and nothing else goes", () => {
  const others = ["-A POSTROUTING -s 10.8.0.9/32 -j CNI-0123", ":CNI-0123 - [0:0]"];
  const saved = new Saved([...others, `:${chain} - [0:0]`, ...commands].join("\n"));
  const removal = [
    ...commands.flatMap((line) => (line.startsWith("-A POSTROUTING") ? [`-D${line.slice(2)}`] : [])),
    `-F ${chain}`,
    `-X ${chain}`,
  ];
  expect(saved.removal(chain)).toEqual(removal);
  expect(new Saved(others.join("\n")).removal(chain)).toEqual([]);
  // What an earlier ADD left is made anew.
  expect(setUp(4, call, addresses, saved)).toEqual([...removal, ...commands]);
});

test("GC takes the network's chains that are none of the valid attachments', the reference's as well", () => {
  const of = (network: string, containerId: string) => ({ network, containerId, ifname: "eth0" });
  const all = [of("net1", "c1"), of("net1", "c2"), of("net2", "c1"), of("net", "c1")];
  const theirs = all.slice(0, 2).flatMap((one, i) => {
    const words = String.raw`-m comment --comment "name: \"net1\" id: \"${one.containerId}\""`;
    return [
      `:${referenceChain(one)} - [0:0]`,
      `-A POSTROUTING -s 10.8.0.1${i}/32 ${words} -j ${referenceChain(one)}`,
      `-A ${referenceChain(one)} -d 10.8.0.0/24 ${words} -j ACCEPT`,
    ];
  });
  const ours = all.flatMap((one) => [
    `:${chainOf(one)} - [0:0]`,
    ...setUp(4, { ...call, ...one }, addresses.slice(0, 1), new Saved("")).slice(1),
  ]);
  const saved = new Saved([...theirs, ...ours].join("\n"));
  const gone = staleMasquerade
    .commands(saved, "net1", [of("net1", "c1"), of("net1", "c3")])
    .filter((line) => line.startsWith("-X"));
  expect(gone.toSorted()).toEqual(
    [`-X ${chainOf(of("net1", "c2"))}`, `-X ${referenceChain(of("net1", "c2"))}`].toSorted(),
  );
  expect(staleMasquerade.commands(saved, "net3", [])).toEqual([]);
});
