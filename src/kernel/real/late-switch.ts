import type * as Switch from "./switch.ts";

/** What speaks to Open vSwitch, loaded where there is some: few programs have to do with it, and all have to start fast. */
export const lateSwitch = (): typeof Switch => require("./switch.ts") as typeof Switch;
