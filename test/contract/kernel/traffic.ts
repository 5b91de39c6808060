import { expect, test } from "bun:test";
import { type Op, type OpOf, inverse } from "../../../src/change/index.ts";
import { bridge, ifname, ip, wishOf } from "../wishes.ts";
import { type Scene, node, pod } from "./scene.ts";

/** What every kernel must do with queues, what comes in, and connections. */
export function trafficContract(scene: Scene): void {
  const { linkAt, become, refusal } = scene;

  test("a link's queues, what comes in on it, and the way to an address can be asked for", () => {
    become(wishOf(node, pod));
    expect(scene.kernel.queues("nlc-node", "none")).toBeUndefined();
    expect(scene.kernel.queues("nlc-node", "pod1")?.redirect).toBeUndefined();
    const ifb = { name: ifname("ifb-x"), kind: "ifb", up: true } as const;
    const there = { do: "redirect.add", netns: "nlc-node", dev: ifname("pod1"), to: ifb.name } as const;
    const bucket = { kind: "tbf", rate: 1_000_000, burst: 1_000_000, latency: 25_000 } as const;
    const ops: Op[] = [
      { do: "qdisc.put", netns: "nlc-node", dev: ifname("pod1"), qdisc: bucket, fresh: true },
      { do: "link.add", netns: "nlc-node", link: ifb },
      there,
    ];
    scene.kernel.run(ops);
    const root = expect.objectContaining({ kind: "tbf", rate: 1_000_000, burst: 1_000_000 }) as unknown;
    expect(scene.kernel.queues("nlc-node", "pod1") as unknown).toEqual({ root, redirect: "ifb-x" });
    expect(refusal([there]).code).toBe("exists");
    expect(refusal([{ ...(ops[0] as OpOf<"qdisc.put">), fresh: true }]).code).toBe("exists");
    scene.kernel.run(ops.toReversed().flatMap(inverse));
    expect(scene.kernel.queues("nlc-node", "pod1")?.redirect).toBeUndefined();
    for (const name of ["nlc-node", "nlc-pod"])
      expect(scene.kernel.routes(name)).toEqual(scene.kernel.facts({ namespaces: [name] }).get(name)?.routes ?? []);
    expect(scene.kernel.wayTo("nlc-node", ip("10.0.0.2"))).toBe(ifname("br0"));
    expect(scene.kernel.wayTo("nlc-pod", ip("192.0.2.1"))).toBeUndefined();
  });

  test("what tracked connections there are to a port is forgotten", () => {
    become(wishOf(pod, node));
    for (const family of [4, 6] as const) {
      scene.kernel.run([{ do: "flows.forget", netns: "nlc-pod", flows: { family, protocol: "udp", port: 53 } }]);
    }
  });

  test("a rate limit", () => {
    const wish = (rate?: number) => {
      const qdisc = rate === undefined ? {} : { qdisc: { kind: "tbf", rate, burst: 16_000, latency: 50_000 } as const };
      return wishOf({ name: "nlc-a", links: [{ spec: bridge("br0"), ...qdisc }] });
    };
    become(wish(125_000));
    expect(linkAt("nlc-a", "br0").qdisc).toMatchObject({ kind: "tbf", rate: 125_000 });
    become(wish(250_000));
    expect(linkAt("nlc-a", "br0").qdisc).toMatchObject({ kind: "tbf", rate: 250_000 });
    become(wish());
    expect(linkAt("nlc-a", "br0").qdisc?.kind).not.toBe("tbf");
  });
}
