import { expect, test } from "bun:test";
import { printOp } from "../change/index.ts";
import { referenceMasquerade, referenceSpoofCheck } from "./_reference-rules.ts";

test("names as the reference's binaries print them (cni.md 2.0 and 2.19)", () => {
  expect(referenceMasquerade({ network: "n1", containerId: "m1", ifname: "eth0" })[1]).toMatchObject({
    what: { chain: "CNI-804029f9fb855ea6fa065230" },
  });
  expect(referenceMasquerade({ network: "n1", containerId: "m2", ifname: "eth0" })[0]).toMatchObject({
    what: { comment: "43d91f8451058a70-0baa00c7f1b9ad6f, ", begins: true },
  });
  expect(
    referenceSpoofCheck({ network: "n1", containerId: "m1", ifname: "eth0" }).map((op) => "what" in op && op.what),
  ).toEqual([{ chain: "cni-br-iface-m1-eth0" }, { chain: "cni-br-iface-m1-eth0-mac" }]);
  expect(referenceSpoofCheck({ network: "n1", containerId: "m".repeat(240), ifname: "eth0" })).toEqual([]);
  expect(referenceMasquerade({ network: "n1", containerId: "m1", ifname: "eth0" }).map(printOp).join()).toContain(
    "cni_plugins_masquerade",
  );
});
