import { expect, test } from "bun:test";
import { containerIdOf, namespacePath } from "./container.ts";

test("a container's ID is the one that cnitool gives", () => {
  // printf /run/netns/a | sha512sum, and the file that cnitool v1.3.0 wrote in test/golden/cni
  expect(containerIdOf("/run/netns/a")).toBe("cnitool-a145bc1ace582bff43bd");
});

test("a namespace is a path, or a name as ip netns shows it", () => {
  expect(namespacePath("/proc/1/ns/net")).toBe("/proc/1/ns/net");
  expect(namespacePath("../x")).toMatch(/^\/.*x$/);
  expect(namespacePath("no-such-namespace")).toBe("/run/netns/no-such-namespace");
  // In this folder there is one; nothing is pinned under that name.
  expect(namespacePath("package.json")).toBe(`${process.cwd()}/package.json`);
});
