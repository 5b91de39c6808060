export type { Addr } from "./addr-fact.ts";
export type { AddrFlag } from "./addr-message.ts";
export { type AddrAdd, addAddr, delAddr, listAddrs } from "./addr.ts";
export {
  type BridgeVlanAdd,
  type BridgeVlanKey,
  type BridgeVlans,
  addBridgeVlan,
  delBridgeVlan,
  listBridgeVlans,
} from "./bridge-vlan.ts";
export type { Encap } from "./encap.ts";
export { AF } from "./family.ts";
export { type Fdb, type FdbKey, type FdbLife, type FdbPut, delFdb, listFdb, putFdb } from "./fdb.ts";
export { type Filter, addRedirect, listFilters } from "./filter.ts";
export { IFF } from "./ifinfo.ts";
export {
  type BridgePortGet,
  type BridgePortSet,
  GRE_FLAG,
  IP6_TNL_F,
  type LinkDataGet,
  type LinkDataSet,
  type LinkKind,
  MACVLAN_FLAG,
  VLAN_FLAG,
  isLinkKind,
  kinds,
} from "./kinds/index.ts";
export {
  type AddrGenMode,
  type LinkAdd,
  type LinkAddOf,
  type NewLinkKind,
  type VethPeer,
  addLink,
} from "./link-add.ts";
export { getLinkAlias } from "./link-alias.ts";
export type { Link, LinkCommon, LinkOf, LinkVariant } from "./link-fact.ts";
export { type LinkState, listLinkStates } from "./link-state.ts";
export type { LinkStats } from "./link-stats.ts";
export {
  type KindChange,
  type LinkChange,
  type LinkFilter,
  type LinkKey,
  addAltName,
  delAltName,
  delLink,
  getLink,
  listLinks,
  setLink,
} from "./link.ts";
export type { NeighState } from "./neigh-message.ts";
export { type Neigh, type NeighFilter, type NeighPut, delNeigh, listNeighs, putNeigh } from "./neigh.ts";
export type { NextHop, Route, RouteLookup } from "./route-fact.ts";
export type { RouteMetrics } from "./route-message.ts";
export {
  type LookupKey,
  type RouteFilter,
  type RouteKey,
  type RouteProtocol,
  type RouteSet,
  type RouteType,
  addRoute,
  delRoute,
  listRoutes,
  lookupRoute,
  prependRoute,
  putRoute,
} from "./route.ts";
export type { Scope } from "./scope.ts";
export { RTNLGRP, type RtnlEvent, readEvent } from "./events.ts";
export { getNsid, setNsid } from "./nsid.ts";
export {
  type HtbClassPut,
  type Qdisc,
  type QdiscOptions,
  type QdiscPlace,
  type QdiscPut,
  addQdisc,
  delQdisc,
  handle,
  listQdiscs,
  putHtbClass,
  putQdisc,
  rootQdisc,
} from "./qdisc.ts";
export { messageKinds } from "./registry.ts";
export { type Rule, type RuleSet, addRule, delRule, listRules } from "./rule.ts";
export { type WatchOptions, watch } from "./watch.ts";
