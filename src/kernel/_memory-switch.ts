import type { OpOf, SwitchFacts } from "../change/index.ts";
import { type BridgeFact, type BridgeSpec, type Datapath, deviceOf, switchChanges } from "../ovsdb/switch.ts";
import { tryIfName } from "../values/index.ts";
import { remove } from "./_memory-links.ts";
import type { MemoryNetns } from "./_memory-netns.ts";
import { refuse } from "./_memory-refusal.ts";

const DATAPATH: Datapath = "netdev";

/** The switch of one namespace, which does at once what it is told. */
export class MemorySwitch {
  readonly #netns: MemoryNetns;
  readonly #folder: string;
  #runs = false;
  readonly #bridges = new Map<string, readonly BridgeFact[]>();

  constructor(netns: MemoryNetns, folder: string) {
    this.#netns = netns;
    this.#folder = folder;
  }

  start(): void {
    this.#runs = true;
  }

  stop(): void {
    this.#runs = false;
  }

  put({ owner, bridges }: OpOf<"ovs.put">): void {
    if (!this.#runs) refuse("ENOENT", `no switch of ${this.#folder} runs`);
    const there = this.#bridges.get(owner) ?? [];
    for (const { ports } of bridges) {
      for (const { name } of ports) {
        if (this.#netns.find(name) === undefined) refuse("ENODEV", `could not open network device ${name}`);
      }
    }
    for (const change of switchChanges(there, bridges)) {
      if (change.do === "bridge.add") this.#make(change.bridge);
      if (change.do === "bridge.delete") this.#remove(change.name);
    }
    this.#bridges.set(
      owner,
      bridges.map((bridge) => ({
        datapath: DATAPATH,
        ...bridge,
        ports: bridge.ports.map((port) => ({ ...port, ...this.#opened(port.name), ofport: 1 })),
      })),
    );
  }

  /** Nothing where none runs. */
  facts(owner: string): SwitchFacts | undefined {
    return this.#runs ? { folder: this.#folder, bridges: this.#bridges.get(owner) ?? [] } : undefined;
  }

  #opened(name: string): { readonly device?: string } {
    const link = this.#netns.find(name);
    return link === undefined ? {} : { device: deviceOf({ ...link.fact, index: link.index }) };
  }

  #make({ name, mtu = 1500 }: Omit<BridgeSpec, "ports">): void {
    const ifname = tryIfName(name) ?? refuse("EINVAL", `${name} is no name of a link`);
    this.#netns.mustBeFree(name);
    this.#netns.make({ name: ifname, kind: "tun", up: false, mtu });
  }

  #remove(name: string): void {
    const link = this.#netns.find(name);
    if (link !== undefined) remove(link);
  }
}
