import { expect, test } from "bun:test";

import { parseIfName } from "../../values/index.ts";
import { qdiscOf } from "./qdisc.ts";

const link = { netns: "x", dev: parseIfName("eth0") };

test("a rate alone is a token bucket with 4 ms of burst, at least 16 KiB", () => {
  expect(qdiscOf({ ...link, rate: 125_000_000 }, 1500)).toEqual({
    kind: "tbf",
    rate: 125_000_000,
    burst: 500_000,
    latency: 50_000,
  });
  expect(qdiscOf({ ...link, rate: 1000 }, 1500)).toMatchObject({ burst: 16_384 });
});

test("anything else is netem, with room for the packets that wait", () => {
  expect(qdiscOf({ ...link, loss: 0.5 }, 1500)).toEqual({ kind: "netem", loss: 0.5, limit: 1000 });
  expect(qdiscOf({ ...link, rate: 125_000_000, delay: 90_000, jitter: 10_000 }, 1000)).toEqual({
    kind: "netem",
    delay: 90_000,
    jitter: 10_000,
    rate: 125_000_000,
    limit: 25_000,
  });
});
