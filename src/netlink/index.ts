export { deleteAll } from "./delete-all.ts";
export { NetlinkError, type Refusal, describe as describeRefusal } from "./error.ts";
export { type AnyMessageKind, type MessageKind, NLM_F, type Query, type Request, query, request } from "./request.ts";
export { NETLINK_GENERIC, getFamily } from "./generic.ts";
export { NETLINK_NETFILTER, NetlinkSocket } from "./socket.ts";
export type { Lost, SubscribeOptions } from "./subscribe-queue.ts";
export { Subscription, subscribe } from "./subscribe.ts";
export { type Tracer, explain, setTracer, textTracer } from "./trace.ts";
