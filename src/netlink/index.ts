export { type AnyMessageKind, type MessageKind, NLM_F, type Query, type Request, query, request } from "./request.ts";
