/** What goes beyond single links, their addresses and routes: few plugins have to do with it. */
export { forgetNeighs } from "./forget-neighs.ts";
export { lackingKinds } from "./lacking.ts";
export { areArriving, isPending } from "./pending.ts";
export { readFacts, readPortVlans, readQueues, readRoutes, readWay } from "./read.ts";
export { trafficRequests } from "./traffic.ts";
