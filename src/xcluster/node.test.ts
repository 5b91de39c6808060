import { describe, expect, test } from "bun:test";
import { podNames, parsePodName } from "./names.ts";
import { nodeNumberOf } from "./node.ts";

describe("the number of a node", () => {
  test.each([
    ["vm-001", 1],
    ["vm-202", 202],
    ["vm-010.example.org", 10],
    ["worker-3-a", 3],
  ])("%s is %d", (hostname, number) => {
    expect(nodeNumberOf(hostname)).toBe(number);
  });

  test.each(["localhost", "vm-", "vm-000", "vm-1a", "a-b-3", "vm_001", "vm--1"])("%s says none", (hostname) => {
    expect(() => nodeNumberOf(hostname)).toThrow(`the host name ${hostname} says no node's number`);
  });

  test("what is given counts more", () => {
    expect(nodeNumberOf("localhost", "7")).toBe(7);
    expect(() => nodeNumberOf("vm-001", "0")).toThrow(`--node "0" is not a whole number from 1`);
  });
});

describe("the names of pods", () => {
  test("have two digits at least", () => {
    expect(podNames({ hostname: "vm-001", count: 3, first: 98 })).toEqual([
      "vm-001-ns98",
      "vm-001-ns99",
      "vm-001-ns100",
    ]);
    expect(podNames({ hostname: "vm-001", count: 0, first: 1 })).toEqual([]);
  });

  test("are names of interfaces: 15 characters are enough, 16 too many", () => {
    const named = (namePrefix: string, first = 1) => podNames({ namePrefix, hostname: "vm-001", count: 1, first });
    expect(named("br2-")).toEqual(["br2-vm-001-ns01"]);
    expect(() => named("br12-")).toThrow("names of interfaces have at most 15 characters");
    expect(() => named("br12-")).toThrow(expect.objectContaining({ hint: "NAME_PREFIX may have 4 characters here" }));
    expect(() => named("br2-", 100)).toThrow(
      expect.objectContaining({ hint: "NAME_PREFIX may have 3 characters here" }),
    );
  });

  test.each([
    ["vm-001-ns03", "", 1, 3],
    ["br2-vm-202-ns100", "br2-", 202, 100],
    ["vm-1-vm-2-ns1", "vm-1-", 2, 1],
  ])("%s is %p, node %d, pod %d", (name, prefix, node, pod) => {
    expect(parsePodName(name)).toEqual({ prefix, node, pod });
  });
});
