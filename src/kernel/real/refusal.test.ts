import { expect, test } from "bun:test";
import type { Op } from "../../change/index.ts";
import { errno } from "../../sys/index.ts";
import { parseIfName } from "../../values/index.ts";
import { opErrorOfRefusal } from "./refusal.ts";

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
