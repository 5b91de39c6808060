import type { NetnsWish, RouteSpec } from "../../change/index.ts";
import { everything, silent } from "../driver/index.ts";
import { familyOf } from "../../values/index.ts";
import { mainOf } from "../topology.ts";
import type { ExternalSpec, Topology } from "../topology.ts";
import { lanOf, planUplink } from "./uplink.ts";

/** A host outside: its interface with its addresses, and the way it sends everything else. As a pod it says nothing unasked. */
export function planExternal(topology: Topology, external: ExternalSpec): NetnsWish {
  const { dev } = mainOf(external);
  const links = external.uplinks.map((uplink) => {
    const link = planUplink(topology, external, uplink);
    return { ...link, spec: { ...link.spec, ...silent(lanOf(topology, uplink).mtu) } };
  });
  const routes = external.via.map((via): RouteSpec => ({ dst: everything[familyOf(via)], via, dev }));
  return {
    name: external.netns,
    hostname: external.name,
    links,
    ...(routes.length === 0 ? {} : { routes }),
  };
}
