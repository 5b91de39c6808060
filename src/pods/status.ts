import type { LinkFact } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";
import { type Prefix, familyOf } from "../values/index.ts";
import { type Job, NODE } from "./job.ts";
import { OWNER } from "./owner.ts";
import { readPins } from "./pins.ts";

/** How a pod is. */
export interface PodStatus {
  readonly name: string;
  /** `foreign`: its name is a namespace's that is not ours; `incomplete`: it is there in part. */
  readonly state: "up" | "down" | "bare" | "missing" | "incomplete" | "foreign";
  /** Its interfaces besides loopback. */
  readonly interfaces: readonly InterfaceStatus[];
  /** The bridge that the node's end of its pair is a port of. */
  readonly bridge?: string;
  readonly gateways: readonly string[];
}

export interface InterfaceStatus {
  readonly name: string;
  readonly kind?: string;
  readonly up: boolean;
  readonly carrier: boolean;
  /** Bytes. */
  readonly mtu: number;
  readonly mac?: string;
  readonly addresses: readonly Prefix[];
}

/** How pods are, by their names. A pod is `up` when all of its interfaces are, and `bare` without one. */
export function statusOf({ kernel }: Job, names: readonly string[]): readonly PodStatus[] {
  const pins = readPins(kernel, names);
  const ours = names.filter((name) => pins.get(name)?.owner === OWNER);
  const facts = kernel.facts({ namespaces: ours, neighbours: () => false });
  return names.map((name): PodStatus => {
    const pin = pins.get(name);
    const own = facts.get(name);
    if (own === undefined || pin === undefined) {
      const isFree = pin === undefined || (pin.state === "free" && pin.uts === "none");
      return {
        name,
        state: isFree ? "missing" : pin.state === "pinned" ? "foreign" : "incomplete",
        interfaces: [],
        gateways: [],
      };
    }
    const interfaces = own.links.filter((link) => link.name !== "lo").map(interfaceOf);
    const works = interfaces.every(({ up, carrier }) => up && carrier);
    const bridge = bridgeOf(kernel, name);
    return {
      name,
      state: pin.uts !== "pinned" ? "incomplete" : interfaces.length === 0 ? "bare" : works ? "up" : "down",
      interfaces,
      ...(bridge !== undefined && { bridge }),
      gateways: own.routes.flatMap(({ dst, via }) => (dst.endsWith("/0") && via !== undefined ? [via] : [])),
    };
  });
}

function bridgeOf(kernel: Kernel, name: string): string | undefined {
  return kernel.hasLink(NODE, name) ? kernel.link(NODE, name, { addrs: false })?.master : undefined;
}

function interfaceOf({ name, kind, up, carrier, mtu, mac, addrs }: LinkFact): InterfaceStatus {
  return {
    name,
    up,
    carrier,
    mtu,
    addresses: addrs
      .filter(({ scope }) => scope === "global")
      .map(({ prefix }) => prefix)
      .toSorted((a, b) => familyOf(a) - familyOf(b)),
    ...(kind !== undefined && { kind }),
    ...(mac !== undefined && { mac }),
  };
}
