import { choice, u8 } from "../wire/index.ts";

/** How far an address or route reaches: `RT_SCOPE_*` of linux/rtnetlink.h. */
export type Scope = "universe" | "site" | "link" | "host" | "nowhere";

const numbers = { universe: 0, site: 200, link: 253, host: 254, nowhere: 255 } satisfies Record<Scope, number>;

export const scope = choice(u8, numbers);
