export { OpError } from "./error.ts";
export type { FactsRequest, Kernel, RunOptions } from "./port.ts";
export { RealKernel } from "./real/real.ts";
