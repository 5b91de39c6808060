/** A container in several networks. */
import { describe, expect, test } from "bun:test";
import { Box } from "./box.ts";
import { Caller, supply } from "./caller.ts";
import type { CallStep, Conf } from "./case.ts";
import { noReference, ours, type PluginFolder, reference } from "./plugin-folders.ts";

const numbers = [1, 2, 3] as const;

function network(number: number): Conf {
  const ranges = [[{ subnet: `10.${number}.0.0/24` }], [{ subnet: `fd0${number}::/64` }]];
  const ipam = { type: "host-local", ranges, routes: [{ dst: "10.99.0.0/16" }] };
  return { name: `net${number}`, type: "bridge", bridge: `br${number}`, isDefaultGateway: true, ipam };
}

function several(folder: PluginFolder): void {
  describe(folder.title, () => {
    test("sends by the gateway of the network that it joined last, in IPv6 by all", async () => {
      using box = await Box.open();
      supply(box, folder, folder);
      box.run("ip netns add a");
      const steps = numbers.map((at) => ({ caller: new Caller(box, "1.0.0", [network(at)]), ifname: `eth${at}` }));
      const all = (call: CallStep["call"]) =>
        steps.flatMap(({ caller, ifname }) => caller.call({ call, ifname }).map(({ code, stdout }) => code || stdout));

      expect(all("ADD")).not.toContain(1);
      const way = (to: string): string => box.run(`ip -n a route get ${to}`).split("\n")[0] ?? "";
      expect(way("198.51.100.1")).toContain("via 10.3.0.1 dev eth3");
      expect(way("10.99.0.1")).toContain("via 10.3.0.1 dev eth3");
      const hops = box.run("ip -n a -6 route show default").match(/via \S+ dev \S+/g);
      expect(hops).toEqual(["via fd01::1 dev eth1", "via fd02::1 dev eth2", "via fd03::1 dev eth3"]);
      expect(all("CHECK")).toEqual(["", "", ""]);

      expect(steps.at(-1)?.caller.call({ call: "DEL", ifname: "eth3" })).toMatchObject([{ code: 0 }]);
      expect(way("198.51.100.1")).toContain("via 10.2.0.1 dev eth2");
    });
  });
}

if (reference === undefined) test.skip(`the reference in several networks ${noReference}`, () => {});
else several(reference);
if (ours === undefined)
  test.skip("netloom in several networks (needs the executable; test/cni/setup builds it)", () => {});
else several(ours);
