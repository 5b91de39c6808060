export { type Flow, type FlowFilter, delFlow, flowSocket, forgetFlows, listFlows } from "./flow.ts";
