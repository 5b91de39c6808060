import { bridge } from "./bridge.ts";
import { cni } from "./cni.ts";
import type { DriverName, NetworkDriver } from "./port.ts";

export { bridgeLink, maxBridgePorts } from "./bridge.ts";
export type { DriverName, NetworkDriver } from "./port.ts";
export { silent } from "./silent.ts";

/** All drivers: a new name does not compile until it is here. */
export const drivers = { bridge, cni } as const satisfies { readonly [D in DriverName]: NetworkDriver<D> };
export { planImpairments, qdiscOf } from "./qdisc.ts";
