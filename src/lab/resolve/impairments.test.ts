import { expect, test } from "bun:test";
import { refusal, topologyOf } from "./_trial.ts";

test("an impairment is on the named interface, on the other end, or on both; later keys win", () => {
  const text = [
    "nodes: 2\npods: 1\nlinks:",
    '- {on: "*:eth1", rate: 8mbit}',
    "- {on: vm-002, rate: 16mbit, delay: 1ms, direction: both}",
    "- {on: vm-001-ns01, loss: 1%, direction: in}",
  ].join("\n");
  expect<unknown>(topologyOf(text).impairments).toEqual([
    { netns: "x-vm-001", dev: "eth1", rate: 1e6 },
    { netns: "x-vm-002", dev: "eth1", rate: 2e6, delay: 1000 },
    { netns: "x-fabric", dev: "vm-002-eth1", rate: 2e6, delay: 1000 },
    { netns: "x-vm-001", dev: "vm-001-ns01", loss: 0.01 },
  ]);
});

test("an impairment on nothing", () => {
  const text = [
    "links:",
    "- {on: vm-01, rate: 1mbit}",
    "- {on: vm-001, rate: 1mbit}",
    '- {on: ["vm-001-ns01:eth1", "zz*"], rate: 1mbit}',
  ].join("\n");
  expect(refusal(text)).toBe(
    [
      'a.yaml:3:8: links[0].on: no node, pod or external is named "vm-01" (did you mean "vm-001"?)',
      "a.yaml:4:8: links[1].on: node vm-001 is on no LAN, so it has no link to do this to (give the lab an underlay, or name a pod)",
      'a.yaml:5:9: links[2].on[0]: "vm-001-ns01" has no interface "eth1" (it has eth0)',
      'a.yaml:5:29: links[2].on[1]: no node, pod or external is named "zz*" (names are like vm-001 and vm-001-ns01, and "*" stands for anything)',
    ].join("\n"),
  );
});
