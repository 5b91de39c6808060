/** A change that is stopped or refused in the middle: undone exactly, or said to be partly done and completed by the same command. */
import { afterEach, beforeAll, describe, expect, test } from "bun:test";
import { type Op, printOp } from "../../src/change/index.ts";
import { OpError } from "../../src/kernel/index.ts";
import { type Lab, type LabInput, listLabs, load, open } from "../../src/lab/index.ts";
import { createNetns, deleteNetns, openNetns } from "../../src/netns/index.ts";
import { AF, type Fd, SOCK, bindTo, inside, openSocket } from "../../src/sys/index.ts";
import { eventually } from "../eventually.ts";
import { FaultyKernel, host, labErrorFrom, overlay, reaches, refusingAt, small } from "./lab-host.ts";

let clean: unknown;
beforeAll(() => {
  createNetns([{ name: "first", hostname: "first" }]);
  deleteNetns("first");
  clean = host();
});
afterEach(async () => {
  for (const name of listLabs()) await open(name).down();
  expect(host()).toEqual(clean);
});

/** What of the lab is in the kernel, less what the kernel learns and chooses by itself. */
function facts(lab: Lab): unknown {
  return [...lab.facts().values()].map(({ neighs, links, ...rest }) => ({
    ...rest,
    neighs: neighs.filter(({ state }) => state === "permanent"),
    links: links
      .map(({ carrier: _, operState: __, data, ...link }) => ({ ...link, data: steady(data) }))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
  }));
}

/** Less a bridge's timers and counters. */
const steady = (data: object = {}): unknown =>
  Object.fromEntries(Object.entries(data).filter(([key, value]) => typeof value !== "bigint" && key !== "fdbLearned"));

/** The same with new numbers for what was made anew. */
const unnumbered = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, item: unknown) =>
      typeof item === "bigint" ||
      /^(?:index|peerIndex|mac|bridgeId|rootId|designatedBridge|designatedRoot|designatedPort|number|id)$/.test(key)
        ? undefined
        : item,
    ),
  );

/** So many pods that their ops are several groups, between which a signal is obeyed. */
const wide = (net: string, pods = 70): LabInput => ({
  ...small,
  pods: { count: pods, name: "<node>p%d" },
  addresses: { ipv4: `172.${net}.0.0/16/24` },
});

test("an error that neither the kernel nor a signal explains is told as it is, and all is undone", async () => {
  const fault = new TypeError("that was not thought of");
  const onProgress = (): never => {
    throw fault;
  };
  const error = await load(small)
    .up({ onProgress })
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    name: "Error",
    message: "bring up lab bad: TypeError: that was not thought of\neverything was undone",
    cause: fault,
  });
  expect(host()).toEqual(clean);
});

describe("a signal", () => {
  test("before the first op", async () => {
    const error = await labErrorFrom(load(small).up({ signal: AbortSignal.abort() }));
    expect(error.code).toBe("interrupted");
    expect(error.message).toBe("lab bad was interrupted: everything was undone");
    expect(host()).toEqual(clean);
  });

  test.each([0, 256])("while a new lab is made, after %d ops", async (at) => {
    const stop = new AbortController();
    const onProgress = ({ done }: { readonly done: number }): void => {
      if (done === at) stop.abort();
    };
    const error = await labErrorFrom(load(wide("16", 80)).up({ signal: stop.signal, onProgress }));
    expect(error).toMatchObject({ code: "interrupted", cause: stop.signal.reason as unknown });
    expect(host()).toEqual(clean);
  });

  test.each([0, 256])("while a lab is changed, after %d ops: what was is put back in place", async (at) => {
    const lab = load(wide("16"));
    await lab.up();
    lab.impair("n1p1", { rate: "10mbit" });
    const [before, state] = [facts(lab), lab.state()];
    const stop = new AbortController();
    const onProgress = ({ done }: { readonly done: number }): void => {
      if (done === at) stop.abort();
    };
    const error = await labErrorFrom(load(wide("20", 71)).up({ signal: stop.signal, onProgress }));
    expect(error.code).toBe("interrupted");
    expect(facts(lab)).toEqual(before);
    expect(lab.state()).toEqual(state);
    const report = await load(wide("20", 71)).up();
    expect(report).toMatchObject({ created: false, resumed: false });
    expect((await load(wide("20", 71)).up()).ops).toEqual([]);
  });

  test("after pods went: they are made again as they were", async () => {
    const lab = load(wide("16", 130));
    await lab.up();
    const before = facts(lab);
    const stop = new AbortController();
    const onProgress = ({ done }: { readonly done: number }): void => {
      if (done === 256) stop.abort();
    };
    const error = await labErrorFrom(load(wide("20", 3)).up({ signal: stop.signal, onProgress }));
    expect(error.code).toBe("interrupted");
    expect(unnumbered(facts(lab))).toEqual(unnumbered(before));
    expect((await lab.up()).ops).toEqual([]);
  });
});

/** A lab whose op that fits is preceded by something another process does. */
function disturbed(input: LabInput, fits: (op: Op) => boolean, disturb: () => void): Lab {
  let done = false;
  return load(input, {
    kernel: () =>
      new FaultyKernel((_, op) => {
        if (done || !fits(op)) return;
        done = true;
        disturb();
      }),
  });
}

const addsLink = (name: string) => (op: Op) => op.do === "link.add" && op.link.name === name;
const addsVxlan = (netns: string) => (op: Op) =>
  (op.do === "link.add" && op.link.kind === "vxlan" && op.netns === netns) ||
  (op.do === "link.set" && op.set.up === true && op.netns === netns && op.name.startsWith("vx"));

describe("a refusal by the kernel", () => {
  const held: Fd[] = [];
  afterEach(() => {
    for (const fd of held.splice(0)) fd.close();
  });
  /** Another program has the VXLAN port of a node. */
  const takePort = (): void => {
    using netns = openNetns("bad-n2");
    const address = new Uint8Array(16);
    const view = new DataView(address.buffer);
    view.setUint16(0, AF.INET, true);
    view.setUint16(2, 4789);
    held.push(
      inside(netns, () => {
        const fd = openSocket("take a port", AF.INET, SOCK.DGRAM, 0);
        bindTo("take a port", fd, address);
        return fd;
      }),
    );
  };

  test("of a new lab: a port in use", async () => {
    const error = await labErrorFrom(disturbed(overlay, addsVxlan("bad-n2"), takePort).up());
    for (const fd of held.splice(0)) fd.close();
    expect(error.code).toBe("failed");
    expect(error.message).toMatch(/^bring up lab bad: ip -n bad-n2 link .*Address already in use \(EADDRINUSE\)/);
    expect(error.message).toEndWith("\neverything was undone");
    // The namespace lived as long as the socket in it.
    await eventually("the host is as it was", () => Bun.deepEquals(host(), clean));
  });

  test("of a changed lab: a port in use", async () => {
    const { network: _, ...apart } = overlay;
    const plain = { ...apart, network: { join: { kind: "none" } } } satisfies LabInput;
    const lab = load(plain);
    await lab.up();
    const [before, state] = [facts(lab), lab.state()];
    takePort();
    const error = await labErrorFrom(load(overlay).up());
    expect(error.code).toBe("failed");
    expect(error.message).toContain("EADDRINUSE");
    expect(unnumbered(facts(lab))).toEqual(unnumbered(before));
    expect(lab.state()).toEqual(state);
    for (const fd of held.splice(0)) fd.close();
    const joined = load(overlay);
    await joined.up();
    expect(await reaches(joined)).toBe(true);
  });

  const takeName = (): void => {
    const words = "-n bad-n1 link add n1p2 type bridge".split(" ");
    expect(Bun.spawnSync(["ip", ...words]).exitCode).toBe(0);
  };

  test("of a new lab: a link's name is taken", async () => {
    const error = await labErrorFrom(disturbed(small, addsLink("n1p2"), takeName).up());
    expect(error.code).toBe("conflict");
    expect(error.message).toMatch(/link add name n1p2 .*\(EEXIST/);
    expect(host()).toEqual(clean);
  });

  test("of a changed lab: a link's name is taken", async () => {
    const lab = load({ ...small, pods: { count: 1, name: "<node>p%d" } });
    await lab.up();
    const before = facts(lab);
    const error = await labErrorFrom(disturbed(small, addsLink("n1p2"), takeName).up());
    expect(error.code).toBe("conflict");
    expect(facts(lab)).toEqual(before);
    await load(small).up();
    expect(await reaches(load(small))).toBe(true);
  });

  test("of undoing too: said to be partly done, and the same command goes on", async () => {
    const lab = load(overlay);
    await lab.up();
    const shifted = { ...overlay, addresses: { ipv4: "172.20.0.0/16/24" } };
    let ops = 0;
    const stubborn = load(shifted, {
      kernel: () =>
        new FaultyKernel((at, op) => {
          ops = at;
          if (at >= 12) throw new OpError("refused", 0, op, "the kernel has had enough", { done: [] });
        }),
    });
    const error = await labErrorFrom(stubborn.up());
    expect(ops).toBeGreaterThan(12);
    expect(error.code).toBe("partial");
    expect(error.message).toContain("the kernel has had enough");
    expect(error.message).toContain("run the same command again to go on, or 'netloom down bad' to remove the lab");
    expect(lab.state()?.phase).toBe("changing");
    const again = load(shifted);
    expect(await again.up()).toMatchObject({ resumed: true, created: false });
    expect((await again.up()).ops.map(printOp)).toEqual([]);
    expect(await reaches(again)).toBe(true);
  });

  test("at each op of a change: all is as it was", async () => {
    const lab = load(small);
    await lab.up();
    const before = unnumbered(facts(lab));
    const changed: LabInput = {
      ...small,
      nodes: { count: 2, name: "n%d" },
      pods: { count: 1, name: "<node>p%d" },
      addresses: { ipv4: "172.20.0.0/16/24", ipv6: "fd00:1::/48/64" },
      network: { join: { kind: "vxlan", over: "ipv4" } },
    };
    let last = 0;
    for (let at = 0; at <= last; at++) {
      const failing = load(changed, { kernel: () => refusingAt(at) });
      last = failing.plan().ops.length - 1;
      const error = await labErrorFrom(failing.up());
      expect(error.code).toBe("failed");
      expect({ at, facts: unnumbered(facts(lab)) }).toEqual({ at, facts: before });
    }
    expect(last).toBeGreaterThan(40);
  });
});
