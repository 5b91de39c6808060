/** What is between nodes: switches, the cables to them, hosts outside, and the ways that lead over several LANs. */
export { planExternal } from "./external.ts";
export { planFabric } from "./fabric.ts";
export { lanOf, planUplink } from "./uplink.ts";
export { type Hop, type Ways, waysOf } from "./ways.ts";
