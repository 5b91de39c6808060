import { attrs } from "../../wire/index.ts";

/** A device that drops what it is given (drivers/net/dummy.c): no attributes. */
export const dummy = { data: attrs({}), lower: "none" } as const;
