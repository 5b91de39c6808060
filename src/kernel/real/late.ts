/** Pieces that are loaded when they are asked for: few programs have to do with them, and all have to start fast. */
import type * as Firewall from "./firewall.ts";
import type * as Switch from "./switch.ts";

export const lateFirewall = (): typeof Firewall => require("./firewall.ts") as typeof Firewall;

/** What speaks to Open vSwitch. */
export const lateSwitch = (): typeof Switch => require("./switch.ts") as typeof Switch;
