import { expect, test } from "bun:test";
import { icmpErrorText, saysTooBig } from "./icmp-error.ts";

test("errors in words", () => {
  expect(icmpErrorText(4, 3, 4, 1450)).toBe("destination unreachable: fragmentation needed, next-hop MTU 1450");
  expect(icmpErrorText(4, 3, 13)).toBe("destination unreachable: prohibited by a filter");
  expect(icmpErrorText(4, 3, 99)).toBe("destination unreachable: code 99");
  expect(icmpErrorText(6, 1, 0)).toBe("destination unreachable: no route to destination");
  expect(icmpErrorText(6, 2, 0, 1280)).toBe("packet too big, next-hop MTU 1280");
  expect(icmpErrorText(4, 11, 0)).toBe("time exceeded: too many hops, or a routing loop");
  expect(icmpErrorText(6, 4, 1)).toBe("parameter problem, code 1");
});

test("which errors are about size", () => {
  expect(saysTooBig(4, 3, 4)).toBe(true);
  expect(saysTooBig(4, 3, 1)).toBe(false);
  expect(saysTooBig(6, 2, 0)).toBe(true);
});
