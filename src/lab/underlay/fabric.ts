import type { LinkWish, NetnsWish } from "../../change/index.ts";
import { bridgeLink, silent } from "../driver/index.ts";
import { linkNames } from "../link-names.ts";
import type { LanSpec, Topology, Uplink } from "../topology.ts";
import { type Stationed, lanOf } from "./uplink.ts";

/** The cables and switches have no addresses, not even link-local ones: only the nodes' frames are on them. */
const fabricSysctls = {
  "net.ipv6.conf.all.disable_ipv6": "1",
  "net.ipv6.conf.default.disable_ipv6": "1",
} as const;

/** The switches, a bridge per LAN, and a port for every cable. VLANs are frames with tags to them, which they pass on. */
export function planFabric(topology: Topology): NetnsWish {
  const cables = topology.lans.filter(({ vlan }) => vlan === undefined);
  const bridges = cables.map((lan) => bridgeLink(topology, lan.bridge, lan.name, lan.mtu));
  const silentBridges = bridges.map((link) => ({ spec: { ...link.spec, ...silent(link.spec.mtu ?? 0) } }));
  const ports = [...topology.nodes, ...topology.externals].flatMap((station) =>
    station.uplinks.flatMap((uplink) => portOf(topology, lanOf(topology, uplink), station, uplink)),
  );
  return { name: topology.fabric, sysctls: fabricSysctls, links: [...silentBridges, ...ports] };
}

function portOf({ owner }: Topology, lan: LanSpec, station: Stationed, uplink: Uplink): readonly LinkWish[] {
  if (uplink.port === undefined) return [];
  return [
    {
      spec: {
        ...linkNames(owner, uplink.port, lan.name, `${station.name}-${uplink.dev}`),
        kind: "veth",
        peer: { netns: station.netns, name: uplink.dev },
        mtu: lan.mtu,
        master: lan.bridge,
        ...silent(lan.mtu),
        up: true,
      },
    },
  ];
}
