import { type IfName, type Prefix, ValueError, familyOf, parseIfName } from "../values/index.ts";
import { type Settings, addressesAt, nodeAddresses, nodeNumberOf, podNames } from "../xcluster/index.ts";
import { PodsError } from "./error.ts";

/** A pod of this node. */
export interface LocalPod {
  readonly name: IfName;
  /** From 1. */
  readonly number: number;
  /** Its interface. */
  readonly ifname: IfName;
}

/** Which pods a command is about; all of the node's if absent. */
export interface Some {
  readonly count?: number;
  readonly first?: number;
}

/** The last octet of the addresses between nodes is a node's number. */
const LAST_NODE = 255;

/** This node as the rules of names and addresses see it. Pods with a name prefix are on an isolated bridge and use net 0. */
export class LocalNode {
  readonly settings: Settings;
  readonly hostname: string;
  readonly #given: string | undefined;

  /** @param given - the node's number, for hosts that are named otherwise */
  constructor(settings: Settings, hostname: string, given?: string) {
    this.settings = settings;
    this.hostname = hostname;
    this.#given = given;
  }

  /** Its number: from its host name, or as it was given. @throws {XclusterError} `bad-hostname`, `bad-number` */
  get number(): number {
    return nodeNumberOf(this.hostname, this.#given);
  }

  /** The same node with other settings. */
  with(settings: Partial<Settings>): LocalNode {
    return new LocalNode({ ...this.settings, ...settings }, this.hostname, this.#given);
  }

  /** The net of the node's pods. */
  get net(): number {
    return this.settings.namePrefix === undefined ? this.number : 0;
  }

  /** @throws {XclusterError} `bad-name` for one that no interface can have */
  pods({ count = this.settings.pods, first = 1 }: Some = {}): readonly LocalPod[] {
    const { namePrefix } = this.settings;
    const inside = this.#podInterface();
    const names = podNames({ namePrefix, hostname: this.hostname, count, first });
    return names.map((text, at) => {
      const name = parseIfName(text);
      return { name, number: first + at, ifname: inside ?? name };
    });
  }

  /** @throws {PodsError} `usage` for a name that no pod's interface can have */
  #podInterface(): IfName | undefined {
    const { podInterface } = this.settings;
    if (podInterface === undefined) return undefined;
    const hint = "write one like eth0, or hostname for the pod's name";
    if (podInterface === "lo") throw new PodsError("usage", "PODIF: lo is each pod's loopback device", hint);
    try {
      return parseIfName(podInterface);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      throw new PodsError("usage", `PODIF: ${error.message}`, hint, error);
    }
  }

  /** Whether a name is like those of this node's pods, by its host name or by its number. */
  mayBePod(name: string): boolean {
    const [, stem = ""] = /^(.*)-ns[0-9]{2,}$/.exec(name) ?? [];
    const { namePrefix = "" } = this.settings;
    if (!stem.startsWith(namePrefix)) return false;
    const host = stem.slice(namePrefix.length);
    return host === this.hostname || /^vm-[0-9]{3,}$/.test(host);
  }

  /** Addresses by number, of the families that are wanted. @throws {ValueError} `net-too-large`, `host-too-large` */
  addresses(net: number, host: number): readonly Prefix[] {
    return this.wanted(addressesAt(this.settings.templates, net, host));
  }

  /** A node's own addresses on one of the nets between the nodes. @throws {PodsError} `usage` for a number that has none; {@link ValueError} `bad-ip` */
  between(node: number, net: number): readonly Prefix[] {
    if (node > LAST_NODE) {
      const all = `192.168.${net}.1 to .${LAST_NODE}`;
      throw new PodsError(
        "usage",
        `node ${node} has no address on net ${net}: nodes have ${all}`,
        "say how many nodes there are (--nvm)",
      );
    }
    return this.wanted(nodeAddresses(this.settings.prefix, net, node));
  }

  /** Those of the families that are wanted. */
  wanted(prefixes: readonly Prefix[]): readonly Prefix[] {
    const { family } = this.settings;
    return family === undefined ? prefixes : prefixes.filter((prefix) => familyOf(prefix) === family);
  }

  /**
   * Addresses of the pods' gateway, which no pod has.
   * @throws {PodsError} `usage` where it is the number of one of this node's pods
   */
  gateway(host: number): readonly Prefix[] {
    const { pods } = this.settings;
    if (host < 1 || host > pods) return this.addresses(this.net, host);
    throw new PodsError(
      "usage",
      `host ${host} cannot be the gateway: it is pod ${host} of this node, which has ${pods}`,
      `take a number above ${pods}, or 0`,
    );
  }

  /** The numbers of the other nodes. */
  get others(): readonly number[] {
    return Array.from({ length: this.settings.nodes }, (_, at) => at + 1).filter((node) => node !== this.number);
  }
}
