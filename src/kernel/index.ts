export { OpError } from "./error.ts";
export type { FactsRequest, Kernel, RunOptions } from "./port.ts";
export { RealKernel, type RealKernelOptions } from "./real/real.ts";
