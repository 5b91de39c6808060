export { OpError } from "./error.ts";
export type { FactsRequest, Kernel, RunOptions, SwitchAt } from "./port.ts";
export { RealKernel, type RealKernelOptions } from "./real/real.ts";
