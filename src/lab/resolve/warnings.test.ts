import { expect, test } from "bun:test";
import { parseLabText, printIssue } from "../file/index.ts";
import { resolve, warningsOf } from "./index.ts";

test("an expectation about nobody, or that a node is reached, is a warning", () => {
  const lab = parseLabText(
    'name: x\nexpect:\n- {from: vm-001-ns1, to: "*", reach: no}\n- {from: vm-*, to: vm-001}',
    "a.yaml",
  );
  const topology = resolve(lab);
  expect(topology.expectations).toEqual([
    { from: "vm-001-ns1", to: "*", reach: false },
    { from: "vm-*", to: "vm-001", reach: true },
  ]);
  expect(warningsOf(lab, topology).map(printIssue)).toEqual([
    'a.yaml:3:10: expect[0].from: no node, pod or external is named "vm-001-ns1" (did you mean "vm-001-ns01"?)',
    'a.yaml:4:20: expect[1].to: "vm-001" is a node, and pods and externals alone are asked whether they are reached (name a pod of it, or an external)',
  ]);
});
