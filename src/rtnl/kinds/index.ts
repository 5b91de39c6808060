import type { GetOf, SetOf } from "../../wire/index.ts";
import { bridge } from "./bridge.ts";
import { dummy } from "./dummy.ts";
import { geneve } from "./geneve.ts";
import { gre } from "./gre.ts";
import { gretap } from "./gretap.ts";
import { ifb } from "./ifb.ts";
import { ip6gre } from "./ip6gre.ts";
import { ip6gretap } from "./ip6gretap.ts";
import { ip6tnl } from "./ip6tnl.ts";
import { ipip } from "./ipip.ts";
import { ipvlan } from "./ipvlan.ts";
import type { Kind } from "./kind.ts";
import { macvlan } from "./macvlan.ts";
import { sit } from "./sit.ts";
import { tun } from "./tun.ts";
import { veth } from "./veth.ts";
import { vlan } from "./vlan.ts";
import { vrf } from "./vrf.ts";
import { vxlan } from "./vxlan.ts";

export { bridgePortState } from "./_bridge-port.ts";
export { GRE_FLAG } from "./_gre.ts";
export { IP6_TNL_F } from "./ip6tnl.ts";
export { MACVLAN_FLAG } from "./macvlan.ts";
export { VLAN_FLAG } from "./vlan.ts";

/** IFLA_INFO_KIND of the kinds with a table of their own; a name added here must be given one in `kinds`. */
export type LinkKind =
  | "bridge"
  | "dummy"
  | "geneve"
  | "gre"
  | "gretap"
  | "ifb"
  | "ip6gre"
  | "ip6gretap"
  | "ip6tnl"
  | "ipip"
  | "ipvlan"
  | "macvlan"
  | "sit"
  | "tun"
  | "veth"
  | "vlan"
  | "vrf"
  | "vxlan";

/** The registry: every kind's tables, and where its lower device goes. */
export const kinds = {
  bridge,
  dummy,
  geneve,
  gre,
  gretap,
  ifb,
  ip6gre,
  ip6gretap,
  ip6tnl,
  ipip,
  ipvlan,
  macvlan,
  sit,
  tun,
  veth,
  vlan,
  vrf,
  vxlan,
} satisfies { readonly [K in LinkKind]: Kind };

/** What is written to IFLA_INFO_DATA of a kind. */
export type LinkDataSet<K extends LinkKind> = K extends LinkKind ? SetOf<(typeof kinds)[K]["data"]> : never;
/** What is read from IFLA_INFO_DATA of a kind. */
export type LinkDataGet<K extends LinkKind> = K extends LinkKind ? GetOf<(typeof kinds)[K]["data"]> : never;

/** Options of a bridge's port. */
export type BridgePortSet = SetOf<typeof bridge.port>;
/** Options and state of a bridge's port. */
export type BridgePortGet = GetOf<typeof bridge.port>;

/** Whether the kind has a table here. */
export function isLinkKind(kind: string): kind is LinkKind {
  return Object.hasOwn(kinds, kind);
}
