export type { AddrFact, Facts, LinkFact, NeighFact, NetnsFacts, QueueFacts, RouteFact, SwitchFacts } from "./facts.ts";
export { permanentNeighs } from "./facts.ts";
export type {
  AddrSpec,
  EncapSpec,
  FdbSpec,
  LinkRef,
  LinkSpec,
  LinkSpecOf,
  LinkState,
  NeighSpec,
  NetnsName,
  NextHop,
  PortVlanSpec,
  QdiscSpec,
  RouteSpec,
  RuleSpec,
} from "./net.ts";
export type { LinkWish, LoopbackWish, NetnsWish, NftWish, SwitchWish, Wish } from "./wish.ts";
export type { Op, OpOf } from "./op.ts";
export { ConflictError } from "./error.ts";
export { diff } from "./diff/index.ts";
export { inverse } from "./inverse.ts";
export { aliasFor, ownerOfAlias, ownerTag } from "./owner.ts";
export { printOp } from "./print.ts";
export { type Json, opToJson, opToText } from "./json.ts";
export type { OtherChange, PlanCounts, PlanLine, Summary } from "./summary.ts";
export { formatSummary, summarize, summaryToJson } from "./summary.ts";
