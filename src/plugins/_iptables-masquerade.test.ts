import { expect, test } from "bun:test";
import { parsePrefix } from "../values/index.ts";
import { callWith } from "./_call-fixture.ts";
import { chainOf, setUp, takeDown } from "./_iptables-masquerade.ts";

const call = callWith({});
const chain = chainOf(call);
const input = setUp(4, call, [parsePrefix("10.8.0.3/24"), parsePrefix("10.8.0.4/24")]);

test("rules as the reference's, all in one run", () => {
  const comment = String.raw`-m comment --comment "name: \"net1\" id: \"c1\""`;
  expect(input.split("\n")).toEqual([
    "*nat",
    `:${chain} - [0:0]`,
    `-A ${chain} -d 10.8.0.0/24 ${comment} -j ACCEPT`,
    `-A ${chain} ! -d 224.0.0.0/4 ${comment} -j MASQUERADE`,
    `-A POSTROUTING -s 10.8.0.3 ${comment} -j ${chain}`,
    `-A POSTROUTING -s 10.8.0.4 ${comment} -j ${chain}`,
    "COMMIT",
    "",
  ]);
  expect(chain).toMatch(/^CNI-[0-9a-f]{24}$/);
  // The interface is part of it: two attachments of a container do not share a chain.
  expect(chainOf({ ...call, ifname: "eth1" })).not.toBe(chain);
});

test("they go by what iptables-save shows, and nothing else goes", () => {
  const others = ["-A POSTROUTING -s 10.8.0.9/32 -j CNI-0123", ":CNI-0123 - [0:0]"];
  expect(takeDown(chain, [...others, ...input.split("\n")].join("\n"))?.split("\n")).toEqual([
    "*nat",
    ...input.split("\n").flatMap((line) => (line.startsWith("-A POSTROUTING") ? [`-D${line.slice(2)}`] : [])),
    `-F ${chain}`,
    `-X ${chain}`,
    "COMMIT",
    "",
  ]);
  expect(takeDown(chain, others.join("\n"))).toBeUndefined();
});
