/** Pieces that are loaded when they are asked for: few programs have to do with them, and all have to start fast. */
import type * as Firewall from "./firewall.ts";
import type * as Refusal from "./refusal.ts";
import type * as Switch from "./switch.ts";
import type * as Wide from "./wide.ts";

export const lateFirewall = (): typeof Firewall => require("./firewall.ts") as typeof Firewall;

/** What speaks to Open vSwitch. */
export const lateSwitch = (): typeof Switch => require("./switch.ts") as typeof Switch;

export const lateWide = (): typeof Wide => require("./wide.ts") as typeof Wide;

/** What the kernel's refusals mean. */
export const lateRefusal = (): typeof Refusal => require("./refusal.ts") as typeof Refusal;
