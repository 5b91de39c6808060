import { expect, test } from "bun:test";
import type { Refusal } from "../netlink/index.ts";
import { parseIp } from "../values/index.ts";
import { type Flow, forgetFlows } from "./flow.ts";

const to53 = { family: 4, protocol: "udp", port: 53 } as const;
const [src, dst] = [parseIp("10.0.0.1"), parseIp("10.0.0.2")] as const;
const flow: Flow = { family: 4, protocol: "udp", src, dst, srcPort: 4711, dstPort: 53 };
const answering = (refusal: Refusal | undefined) => ({ dump: () => [flow as never], batch: () => [refusal] });

test("a flow that ended meanwhile is forgotten", () => {
  expect(forgetFlows(answering({ errno: 2 }), to53)).toBe(1);
});

test("a flow that the kernel keeps is told of", () => {
  expect(() => forgetFlows(answering({ errno: 1 }), to53)).toThrow("forget the flow from 10.0.0.1 to 10.0.0.2");
});
