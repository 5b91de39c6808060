import { expect, test } from "bun:test";
import type { Op } from "../../change/index.ts";
import { NetlinkError } from "../../netlink/index.ts";
import { errno } from "../../sys/index.ts";
import { parseIfName } from "../../values/index.ts";
import { opErrorOf, opErrorOfRefusal } from "./refusal.ts";

test("a bridge whose kernel knows no VLANs says by which option it would", () => {
  const op: Op = { do: "vlan.add", netns: "host", dev: parseIfName("veth1"), vlan: { vid: 5 } };
  // As Linux 6.18 without that option answers.
  const { code, message } = opErrorOfRefusal(0, op, { errno: errno("EOPNOTSUPP") }, []);
  expect(code).toBe("unsupported");
  expect(message).toStartWith("bridge -n host vlan add dev veth1 vid 5: Operation not supported (EOPNOTSUPP); ");
  expect(message).toContain(
    "this kernel lacks CONFIG_BRIDGE_VLAN_FILTERING: load its module or use a kernel that has it",
  );
});

test("and one that is to look at VLANs from the beginning, too", () => {
  const link = { name: parseIfName("br0"), kind: "bridge", data: { vlanFiltering: true } } as const;
  const op: Op = { do: "link.add", netns: "host", link };
  const { message } = opErrorOfRefusal(0, op, { errno: errno("EOPNOTSUPP") }, []);
  expect(message).toContain("(EOPNOTSUPP); this kernel lacks CONFIG_BRIDGE_VLAN_FILTERING: ");
});

test("a table that changes while it is read is an error of the op that reads it", () => {
  const op: Op = { do: "neigh.forget", netns: "vm-001", ips: [] };
  const error = new NetlinkError("list neighbours", { code: "interrupted", sentence: "the table changed" });
  const { code, index, message, done } = opErrorOf(2, op, error, [0, 1]);
  expect({ code, index, done }).toEqual({ code: "refused", index: 2, done: [0, 1] });
  expect(message).toEndWith(": list neighbours: the table changed");
});
