import { attrs } from "../../wire/index.ts";

/** Intermediate functional block, where ingress traffic is shaped (drivers/net/ifb.c): no attributes. */
export const ifb = { data: attrs({}), lower: "none" } as const;
