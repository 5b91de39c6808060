import { expect } from "bun:test";
import { type NetnsWish, type Wish, diff, formatSummary, printOp, summarize } from "../../src/change/index.ts";
import { MemoryKernel } from "../../src/kernel/memory.ts";
import { bridge, ifname, link, route, veth } from "./wishes.ts";

/** Wishes one after the other on a kernel in memory; answers the plan of each. The same wish again must plan nothing. */
export class Story {
  readonly #kernel = new MemoryKernel();
  #plan = "";

  ops(wish: Wish): string[] {
    const ask = () =>
      this.#kernel.facts({ namespaces: this.#kernel.namespaces(), sysctls: () => ["net.ipv4.ip_forward"] });
    const facts = ask();
    const ops = diff(wish, facts);
    this.#plan = `\n${formatSummary(summarize(ops, facts).lines)}\n`;
    this.#kernel.run(ops);
    expect(diff(wish, ask()).map(printOp)).toEqual([]);
    return ops.map(printOp);
  }

  plan(wish: Wish): string {
    this.ops(wish);
    return this.#plan;
  }
}

/** A lab of one node, on whose bridge its pods are; both have addresses that end in the pod's number. */
export const pod = (last: number, more: Partial<NetnsWish> = {}): NetnsWish => ({
  name: `pod-${last}`,
  links: [link(veth("eth0", `node/p${last}`), `10.0.0.${last}/24`, `fd00::${last}/64`)],
  routes: [route("default via 10.0.0.1"), route("default via fd00::1")],
  ...more,
});
export const port = (last: number, more = {}) =>
  link(veth(`p${last}`, `pod-${last}/eth0`, { master: ifname("br0"), ...more }));
export const node = (...ports: number[]): NetnsWish => ({
  name: "node",
  hostname: "node",
  sysctls: { "net.ipv4.ip_forward": "1" },
  links: [link(bridge("br0", { mtu: 1400 }), "10.0.0.1/24", "fd00::1/64"), ...ports.map((last) => port(last))],
});
