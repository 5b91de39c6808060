import type { AddrFact, LinkFact, LinkSpec, LinkSpecOf, NetnsName, Op } from "../../change/index.ts";
import { type Kernel, RealKernel, type RunOptions } from "../../kernel/index.ts";
import { MemoryKernel } from "../../kernel/memory.ts";
import { HOST, POD } from "../plugin.ts";

/** Kinds whose look matters to plugins; every other device of the host is only a name with addresses. */
const KEPT_KINDS: ReadonlySet<string> = new Set(["bridge"]);

/** A parameter that each device has, its parts parted by dots or by slashes. */
const PER_DEVICE = /^(?<before>net([./])ipv[46]\2(?:conf|neigh)\2)(?<dev>.+)(?<after>\2[^./]+)$/;

/**
 * A kernel in memory that writes down what is done to it. Its host has the devices, addresses and parameters that this host has
 * now, as far as they can be read, and its pod is new.
 */
export class DryKernel extends MemoryKernel {
  readonly #real: Kernel;
  readonly #tell: (op: Op) => void;
  readonly #set = new Map<string, string>();

  /** @param like - `this host`, or one that has only loopback; parameters are this host's in both cases */
  constructor(like: "this host" | "an empty host", tell: (op: Op) => void) {
    super();
    this.#tell = tell;
    this.#real = new RealKernel({ places: { [HOST]: "" } });
    super.run([HOST, POD].map((netns) => ({ do: "netns.create", netns, owner: "", hostname: netns })));
    if (like === "this host") super.run(makingOf(linksOf(this.#real)));
  }

  override run(ops: readonly Op[], options?: RunOptions): void {
    super.run(ops, options);
    for (const op of ops) {
      if (op.do === "sysctl.set") this.#set.set(`${op.netns} ${op.key}`, op.value);
      this.#tell(op);
    }
  }

  /** A new namespace has the parameters of a new device on this host. */
  override sysctl(netns: NetnsName, key: string): string | undefined {
    const set = this.#set.get(`${netns} ${key}`);
    if (set !== undefined) return set;
    const { before = "", dev = "", after = "" } = PER_DEVICE.exec(key)?.groups ?? {};
    const isNew = dev !== "" && dev !== "all" && dev !== "default";
    return this.#real.sysctl(HOST, isNew ? `${before}default${after}` : key);
  }

  override [Symbol.dispose](): void {
    this.#real[Symbol.dispose]();
    super[Symbol.dispose]();
  }
}

/** Asking for one link first opens the socket without entering a namespace, which an ordinary user may not. */
function linksOf(real: Kernel): readonly LinkFact[] {
  real.link(HOST, "lo");
  return real.facts({ namespaces: [HOST], depth: "links" }).get(HOST)?.links ?? [];
}

/** What makes devices like these: masters first. */
function makingOf(links: readonly LinkFact[]): readonly Op[] {
  const made = links.filter(({ name }) => name !== "lo").toSorted((a, b) => Number(isMaster(b)) - Number(isMaster(a)));
  return made.flatMap((link) => [
    { do: "link.add", netns: HOST, link: specOf(link, made) } as const,
    ...link.addrs
      .filter(isAdded)
      .map((addr) => ({ do: "addr.add", netns: HOST, dev: link.name, addr: addrOf(addr) }) as const),
  ]);
}

const isMaster = ({ kind }: LinkFact): boolean => KEPT_KINDS.has(kind ?? "");
const isAdded = ({ fromKernel }: AddrFact): boolean => !fromKernel;
const addrOf = ({ prefix, noPrefixRoute }: AddrFact) => ({ prefix, ...(noPrefixRoute === true && { noPrefixRoute }) });

function specOf({ name, kind, mtu, mac, up, alias, master, data }: LinkFact, all: readonly LinkFact[]): LinkSpec {
  const bridge = all.find((one) => one.name === master && isMaster(one));
  const common = {
    name,
    mtu,
    up,
    ...(mac !== undefined && mac.length === 17 && { mac }),
    ...(alias !== undefined && { alias }),
    ...(bridge && { master: bridge.name }),
  };
  if (kind !== "bridge") return { ...common, kind: "dummy" } as const;
  return {
    ...common,
    kind: "bridge",
    ...(data !== undefined && { data: data as NonNullable<LinkSpecOf<"bridge">["data"]> }),
  } as const;
}
