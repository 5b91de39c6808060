import type { PodNetwork, Topology } from "../lab/topology.ts";
import type { Ip } from "../values/index.ts";
import { idOf } from "./model.ts";

/** A join whose packets travel inside others, as it is drawn. */
export interface Overlay {
  readonly id: string;
  readonly label: string;
  /** What travels on the LAN: `udp 4789`. */
  readonly carrier: string;
  readonly details: readonly string[];
  readonly lan: string;
  /** Per node name. */
  readonly ends: ReadonlyMap<string, { readonly ip: Ip }>;
}

/** The overlay that joins a network's nodes; none for joins without tunnels. */
export function overlayOf({ networks }: Pick<Topology, "networks">, { name, join }: PodNetwork): Overlay | undefined {
  const own = networks.length > 1 ? [name] : [];
  if (join.kind === "vxlan") {
    const { dev, vni, port, lan, underlay, vteps: ends } = join;
    const carrier = `udp ${port}`;
    const details = [carrier, `over ${lan} (IPv${underlay})`];
    return { id: idOf("overlay", dev, ...own), label: `vxlan ${vni}`, carrier, details, lan, ends };
  }
  if (join.kind !== "ip6tnl") return undefined;
  const { kind, lan, ends } = join;
  const id = idOf("overlay", kind, ...own);
  return { id, label: kind, carrier: "IP in IPv6", details: [`over ${lan} (IPv6)`], lan, ends };
}
