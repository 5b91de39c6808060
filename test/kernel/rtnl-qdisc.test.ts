import { openSync } from "node:fs";
import { describe, expect, test } from "bun:test";
import {
  addLink,
  delQdisc,
  getNsid,
  handle,
  listQdiscs,
  putHtbClass,
  putQdisc,
  setNsid,
} from "../../src/rtnl/index.ts";
import { ip, lacks, option, pair, shown, socket } from "./rtnl-witness.ts";

describe("queueing disciplines", () => {
  const index = pair("q0");
  const tc = () => shown<Record<string, unknown>>("tc", "-j", "qdisc", "show", "dev", "q0");

  test("a token bucket", () => {
    socket.run(putQdisc({ index, kind: "tbf", rate: 1_250_000, burst: 32 * 1024, latency: 50_000 }));
    expect(tc()[0]).toMatchObject({
      kind: "tbf",
      root: true,
      options: { rate: 1_250_000, lat: 50_000 },
    });
    expect(socket.dump(listQdiscs({ index }))).toMatchObject([
      { kind: "tbf", rate: 1_250_000, burst: 32_768, latency: 50_000 },
    ]);
    socket.run(delQdisc({ index }));
    expect(socket.dump(listQdiscs({ index }))).toMatchObject([{ kind: "other", otherKind: "noqueue" }]);
  });

  const noIngress = lacks(() => {
    socket.run(putQdisc({ index, kind: "ingress" }));
    socket.run(delQdisc({ index, kind: "ingress" }));
  });
  test.skipIf(noIngress)(`ingress (needs ${option.ingress})`, () => {
    socket.run(putQdisc({ index, kind: "ingress" }));
    expect(tc().some(({ kind }) => kind === "ingress")).toBe(true);
    expect(socket.dump(listQdiscs({ index })).some(({ kind }) => kind === "ingress")).toBe(true);
    socket.run(delQdisc({ index, kind: "ingress" }));
  });

  const noNetem = lacks(() => {
    socket.run(putQdisc({ index, kind: "netem" }));
    socket.run(delQdisc({ index }));
  });
  test.skipIf(noNetem)(`netem (needs ${option.netem})`, () => {
    const bad = { delay: 10_240, jitter: 2_048, loss: 0.5, duplicate: 0.25, rate: 125_000, limit: 500 } as const;
    socket.run(putQdisc({ index, kind: "netem", ...bad }));
    const seen = socket.dump(listQdiscs({ index }))[0];
    const shares = { loss: expect.closeTo(0.5, 6) as number, duplicate: expect.closeTo(0.25, 6) as number };
    expect(seen).toMatchObject({ kind: "netem", ...bad, ...shares });
    expect(tc()[0]).toMatchObject({
      kind: "netem",
      options: {
        limit: 500,
        delay: { delay: 0.01024, jitter: 0.002048 }, // tc cuts times to its ticks of 64 ns
        "loss-random": { loss: 0.5 },
        duplicate: { duplicate: 0.25 },
        rate: { rate: 125_000 },
      },
    });
    socket.run(delQdisc({ index }));
  });

  const noHtb = lacks(() => {
    socket.run(putQdisc({ index, handle: handle(1), kind: "htb" }));
    socket.run(delQdisc({ index }));
  });
  test.skipIf(noHtb)(`htb (needs ${option.htb})`, () => {
    socket.run(putQdisc({ index, handle: handle(1), kind: "htb", defaultClass: 0x10 }));
    socket.run(putHtbClass({ index, parent: handle(1), handle: handle(1, 0x10), rate: 1_000_000, ceil: 2_000_000 }));
    // tc 6.1 has no JSON for classes.
    const classes = Bun.spawnSync(["tc", "class", "show", "dev", "q0"]).stdout.toString();
    expect(classes).toContain("class htb 1:10 root prio 0 rate 8Mbit ceil 16Mbit");
    expect(socket.dump(listQdiscs({ index }))[0]).toMatchObject({ kind: "htb", handle: handle(1), defaultClass: 0x10 });
    socket.run(delQdisc({ index }));
  });

  const noFqCodel = lacks(() => {
    socket.run(putQdisc({ index, kind: "fq_codel" }));
    socket.run(delQdisc({ index }));
  });
  test.skipIf(noFqCodel)(`fq_codel (needs ${option.fq_codel})`, () => {
    socket.run(putQdisc({ index, kind: "fq_codel", limit: 1000, flows: 64 }));
    expect(socket.dump(listQdiscs({ index }))[0]).toMatchObject({ kind: "fq_codel", limit: 1000, flows: 64 });
    socket.run(delQdisc({ index }));
  });
});

test("namespaces get numbers", () => {
  const fd = openSync("/proc/thread-self/ns/net", "r");
  expect(socket.ask(getNsid(fd))).toBe(-1);
  socket.run(setNsid(fd, 5));
  expect(socket.ask(getNsid(fd))).toBe(5);
  expect(ip<{ readonly nsid: number }>("netns", "list-id").map(({ nsid }) => nsid)).toEqual([5]);
});

test("a refusal names the attribute", () => {
  const add = addLink({ kind: "vxlan", name: "bad0", data: { id: 0x0100_0000 } });
  expect(() => socket.run(add)).toThrow(/linkInfo\.data\.id/);
});
