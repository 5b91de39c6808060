import { expect, test } from "bun:test";
import { call, makePod, sh, shown } from "./chained-call.ts";

const has = Bun.spawnSync(["sh", "-c", "ip link add v0 type vrf table 99 && ip link del v0"]).success;
const prevResult = makePod("p1", 1);
const at = { pod: "p1" };
const conf = { prevResult, vrfname: "blue" };

test.skipIf(!has)("vrf: the interface with its addresses and routes is in the VRF (needs CONFIG_NET_VRF)", async () => {
  expect(await call("vrf", "ADD", at, conf)).toMatchObject({ exit: 0, log: [] });
  expect(shown("ip -n p1 -j link show dev eth0")).toMatchObject([{ master: "blue" }]);
  expect(sh("ip -n p1 route show vrf blue")).toContain("default via 10.9.1.1");
  expect(sh("ip -n p1 -6 route show vrf blue")).toContain("default via fd09::1:1");
  sh("ip netns exec p1 ping -c 1 -W 2 -I blue 10.9.1.1");
  sh("ip netns exec p1 ping -6 -c 1 -W 2 -I blue fd09::1:1");
  expect(await call("vrf", "CHECK", at, conf)).toMatchObject({ exit: 0 });
  for (let i = 0; i < 2; i++) expect(await call("vrf", "DEL", at, conf)).toMatchObject({ exit: 0 });
  expect(shown("ip -n p1 -j link show type vrf")).toEqual([]);
});

test.skipIf(has)(
  "vrf: a kernel without VRF is told by the option's name, and nothing is left (needs a kernel without CONFIG_NET_VRF)",
  async () => {
    expect(await call("vrf", "STATUS", at, conf)).toMatchObject({ exit: 1, out: { code: 50 } });
    const picture = () => sh("ip -n p1 -o link | cut -d: -f2; ip -n p1 route");
    const before = picture();
    expect(await call("vrf", "ADD", at, conf)).toMatchObject({
      exit: 1,
      out: { msg: expect.stringContaining("CONFIG_NET_VRF") as string },
    });
    expect(picture()).toBe(before);
    expect(await call("vrf", "DEL", at, conf)).toMatchObject({ exit: 0 });
  },
);
