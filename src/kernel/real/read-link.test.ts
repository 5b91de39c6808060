import { expect, test } from "bun:test";
import { NetlinkError } from "../../netlink/index.ts";
import { E } from "../../sys/index.ts";
import { readLink } from "./read-link.ts";
import { readQueues } from "./read.ts";
import type { Session } from "./session.ts";

/** A link that is found, and of which the kernel then refuses to tell more. */
function session(number: number): Session {
  const dump = (): never => {
    throw new NetlinkError("list addresses", { errno: number });
  };
  const link = { name: "veth1", index: 7, kind: "veth", data: {} };
  return { socket: { ask: () => link, dump, indexOf: () => 7, nameOf: () => undefined } } as unknown as Session;
}

test("a link that goes while it is read is not there", () => {
  expect(readLink(session(E.ENODEV), "veth1")).toBeUndefined();
  expect(readQueues(session(E.ENODEV), "veth1")).toBeUndefined();
});

test("any other refusal is told", () => {
  expect(() => readLink(session(E.EPERM), "veth1")).toThrow("list addresses");
  expect(() => readQueues(session(E.EPERM), "veth1")).toThrow("list addresses");
});
