import { expect, test } from "bun:test";
import { query } from "../../src/netlink/index.ts";
import { addLink, listLinks } from "../../src/rtnl/index.ts";
import { socket } from "./rtnl-witness.ts";

test("a dump that one of its answers spoils is no hindrance to the next", () => {
  // So many that the kernel tells them in several datagrams.
  const pairs = Array.from({ length: 40 }, (_, i) => addLink({ kind: "veth", name: `a${i}`, peer: { name: `b${i}` } }));
  expect(socket.batch(pairs).filter((refusal) => refusal !== undefined)).toEqual([]);
  const { request, answer } = listLinks();
  const spoilt = query(request, answer, () => {
    throw new RangeError("spoilt");
  });
  expect(() => socket.dump(spoilt)).toThrow("spoilt");
  expect(socket.dump(listLinks())).toHaveLength(81);
});
