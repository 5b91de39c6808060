export { ProbeError } from "./error.ts";
export { runMatrix } from "./matrix.ts";
export { fullMatrix } from "./pairs.ts";
export type { MatrixResult, MatrixSummary, PairResult, ProbeEnd, ProbeOptions, ProbePair } from "./result.ts";
export type { Rtt } from "./rtt.ts";
