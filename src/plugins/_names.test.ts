import { expect, test } from "bun:test";
import { parseIfName } from "../values/index.ts";
import { callWith, eth0 } from "./_call-fixture.ts";
import { stalePairs } from "./_link.ts";
import { aliasOf, hostNameOf, isAliasIn } from "./_names.ts";

const call = callWith({});

test("an attachment's name on the host is always the same, and another's another", () => {
  // It is on people's machines: it must never change.
  expect(hostNameOf(call) as string).toBe("veth9a8d06e8ee8");
  const others = [
    callWith({}, { network: "net2" }),
    callWith({}, { containerId: "c2" }),
    callWith({}, { ifname: "eth1" }),
    callWith({}, { containerId: "c".repeat(300) }),
  ].map(hostNameOf);
  expect(new Set([hostNameOf(call), ...others]).size).toBe(5);
  for (const name of others) expect(name as string).toMatch(/^veth[0-9a-f]{11}$/);
});

test("the alias says whose it is, in 255 bytes", () => {
  expect(aliasOf(call)).toBe("cni:net1/c1/eth0");
  const long = callWith({}, { network: "n".repeat(300), containerId: "c".repeat(64) });
  expect(Buffer.byteLength(aliasOf(long))).toBeLessThan(256);
  expect(isAliasIn(long.network, aliasOf(long))).toBe(true);
  expect(isAliasIn("net1", aliasOf(call))).toBe(true);
  for (const network of ["net", "net10", long.network]) expect(isAliasIn(network, aliasOf(call))).toBe(false);
});

test("GC takes the pairs of a network that are not valid, and nothing else", () => {
  const link = (name: string, alias?: string, kind = "veth") => ({
    ...eth0,
    name: parseIfName(name),
    kind,
    ...(alias !== undefined && { alias }),
  });
  const links = [
    link("a", aliasOf(call)),
    link("b", aliasOf({ ...call, containerId: "c2" })),
    link("c", aliasOf({ ...call, network: "net2" })),
    link("d", aliasOf({ ...call, containerId: "c3" }), "ifb"),
    link("e", "mine"),
    link("f"),
  ];
  const gone = (valid: { containerID: string; ifname: string }[]) =>
    stalePairs("net1", valid, links).map((op) => ("name" in op ? (op.name as string) : ""));
  expect(gone([{ containerID: "c1", ifname: "eth0" }])).toEqual(["b"]);
  expect(gone([{ containerID: "c1", ifname: "eth1" }])).toEqual(["a", "b"]);
});
