import { expect } from "bun:test";
import {
  type Facts,
  type LinkFact,
  type NetnsFacts,
  type Op,
  type Wish,
  diff,
  printOp,
} from "../../../src/change/index.ts";
import { type Kernel, OpError } from "../../../src/kernel/index.ts";
import type { Prefix } from "../../../src/values/index.ts";
import { bridge, ifname, link, mac, veth } from "../wishes.ts";

export const forwarding = "net.ipv4.ip_forward";
/** Whether later addresses of a subnet outlive the first: a new namespace copies it from the host. */
export const promote = ["net.ipv4.conf.all.promote_secondaries", "net.ipv4.conf.default.promote_secondaries"];

/** A kernel of its own for each test, and what is asked of it again and again. Its namespaces are called `nlc-…`. */
export class Scene {
  readonly #makeKernel: () => Kernel;
  #kernel: Kernel | undefined;

  constructor(makeKernel: () => Kernel) {
    this.#makeKernel = makeKernel;
  }

  get kernel(): Kernel {
    return this.#kernel ?? expect.unreachable("there is a kernel within a test only");
  }

  begin(): void {
    this.#kernel = this.#makeKernel();
  }

  async end(): Promise<void> {
    for (const netns of this.#namespaces()) this.kernel.run([{ do: "netns.delete", netns }]);
    await this.kernel.settle();
    this.kernel[Symbol.dispose]();
  }

  #namespaces(): string[] {
    return this.kernel.namespaces().filter((netns) => netns.startsWith("nlc-"));
  }

  readonly facts = (...namespaces: string[]): Facts =>
    this.kernel.facts({ namespaces, sysctls: () => [forwarding, ...promote] });

  readonly all = (): Facts => this.facts(...this.#namespaces());

  readonly at = (netns: string): NetnsFacts =>
    this.facts(netns).get(netns) ?? expect.unreachable(`there is no ${netns}`);

  readonly linkAt = (netns: string, dev: string): LinkFact =>
    this.at(netns).links.find((fact) => fact.name === dev) ?? expect.unreachable(`there is no ${dev} in ${netns}`);

  readonly has = (netns: string, dev: string): boolean => this.at(netns).links.some((fact) => fact.name === dev);

  /** Addresses that were given to a link. */
  readonly globals = (netns: string, dev: string): Prefix[] =>
    this.linkAt(netns, dev)
      .addrs.filter(({ fromKernel }) => !fromKernel)
      .map((fact) => fact.prefix);

  readonly ownRoutes = (netns: string) =>
    this.at(netns).routes.filter(({ protocol }) => protocol === "static" || protocol === "boot");

  /** Makes it so, and checks that it then is so. */
  readonly become = (wish: Wish): readonly Op[] => {
    const ops = diff(wish, this.all());
    this.kernel.run(ops);
    expect(diff(wish, this.all()).map(printOp)).toEqual([]);
    return ops;
  };

  readonly refusal = (ops: readonly Op[]): OpError => {
    try {
      this.kernel.run(ops);
    } catch (error) {
      if (error instanceof OpError) return error;
      throw error;
    }
    return expect.unreachable("nothing was refused");
  };
}

/** A pod, and the node whose bridge it is on. */
export const pod = {
  name: "nlc-pod",
  links: [link(veth("eth0", "nlc-node/pod1", { mac: mac("02:00:00:00:00:02") }), "10.0.0.2/24", "fd00::2/64")],
};
export const node = {
  name: "nlc-node",
  links: [
    link(bridge("br0"), "10.0.0.1/24", "fd00::1/64"),
    link(veth("pod1", "nlc-pod/eth0", { master: ifname("br0") })),
  ],
};
