import { describe, expect, test } from "bun:test";
import { type BridgeFact, type BridgeSpec, bridgeSpecOf, printSwitchChange, switchChanges } from "./switch.ts";

const br0: BridgeSpec = {
  name: "br0",
  mac: "02:00:00:00:00:01",
  mtu: 1500,
  ports: [{ name: "eth1" }, { name: "a", tag: 10 }],
};
const fact: BridgeFact = {
  ...br0,
  datapath: "netdev",
  failMode: "standalone",
  ports: [
    { name: "eth1", ofport: 1, device: "7" },
    { name: "a", tag: 10, ofport: 2, device: "8" },
  ],
};
const printed = (
  there: readonly BridgeFact[],
  wanted: readonly BridgeSpec[],
  isStale?: Parameters<typeof switchChanges>[2],
) => switchChanges(there, wanted, isStale).map(printSwitchChange);

describe("changes of a switch", () => {
  test("none where it is as wished, and none for what is not said", () => {
    expect(printed([fact], [br0])).toEqual([]);
    expect(printed([fact], [{ name: "br0", ports: br0.ports }])).toEqual([]);
    expect(printed([fact], [bridgeSpecOf(fact)])).toEqual([]);
    expect(printed([], [])).toEqual([]);
    // Beside an earlier wish, which left the datapath to the kernel.
    expect(switchChanges([br0], [{ ...br0, datapath: "system" }])).toEqual([]);
  });

  test("a new bridge, then its ports", () => {
    expect(printed([], [{ ...br0, datapath: "netdev" }])).toEqual([
      `add-br br0 -- set bridge br0 fail_mode=standalone datapath_type=netdev other_config:hwaddr='"02:00:00:00:00:01"' -- set interface br0 mtu_request=1500`,
      "add-port br0 eth1",
      "add-port br0 a tag=10",
    ]);
  });

  test("what goes comes first, also where it comes back elsewhere", () => {
    const other = { name: "br1", ports: [{ name: "a" }] };
    expect(printed([fact], [{ ...br0, ports: [] }, other])).toEqual([
      "del-port br0 eth1",
      "del-port br0 a",
      "add-br br1 -- set bridge br1 fail_mode=standalone",
      "add-port br1 a",
    ]);
    expect(printed([fact], [])).toEqual(["del-br br0"]);
  });

  test("a port changes in place, and is made anew on a new device", () => {
    const ports = (a: object): readonly BridgeSpec[] => [{ ...br0, ports: [{ name: "eth1" }, { name: "a", ...a }] }];
    expect(printed([fact], ports({}))).toEqual(["clear port a tag trunks"]);
    expect(printed([fact], ports({ trunks: [1, 2] }))).toEqual(["clear port a tag trunks -- set port a trunks=1,2"]);
    expect(printed([fact], [br0], ({ device }) => device === "8")).toEqual(["del-port br0 a -- add-port br0 a tag=10"]);
  });

  test("a bridge changes in place", () => {
    expect(switchChanges([fact], [{ ...br0, failMode: "secure" }]).map((change) => change.do)).toEqual(["bridge.set"]);
    expect(switchChanges([fact], [{ ...br0, mtu: 1400 }]).map((change) => change.do)).toEqual(["bridge.set"]);
    expect(switchChanges([fact], [{ ...br0, datapath: "system" }]).map((change) => change.do)).toEqual(["bridge.set"]);
    expect(switchChanges([{ ...fact, failMode: "secure" }], [br0]).map((change) => change.do)).toEqual(["bridge.set"]);
  });
});
