import { expect, test } from "bun:test";
import { settingsOf, variablesOf } from "../xcluster/index.ts";
import { LocalNode } from "./local-node.ts";
import { requireLowest } from "./lowest.ts";

const node = new LocalNode(settingsOf(variablesOf({})), "vm-001");
const never = (): boolean => {
  throw new Error("the kernel was asked");
};

test.each(["5.14.0", "6.1.0-18-amd64", "10.0"])("Linux %s is not asked", (release) =>
  expect(() => requireLowest(node, release, never)).not.toThrow(),
);

test.each(["5.10.0-28-amd64", "4.18.0-553.el8_10.x86_64", "5.4", ""])("Linux %s says itself what it can", (release) => {
  expect(() => requireLowest(node, release, () => true)).not.toThrow();
  expect(() => requireLowest(node, release, () => false)).toThrow("172.16.1.0 cannot be a gateway: Linux");
});

test("without IPv4 there is nothing to ask", () => {
  const six = node.with({ family: 6 });
  expect(() => requireLowest(six, "4.19", never)).not.toThrow();
});
