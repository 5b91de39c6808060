export { ProbeError } from "./error.ts";
export { type FormatOptions, formatMatrix } from "./format.ts";
export { matrixToJUnit } from "./junit.ts";
export { runMatrix } from "./matrix.ts";
export { fullMatrix, sampleMatrix } from "./pairs.ts";
export type { MatrixResult, MatrixSummary, PairResult, ProbeEnd, ProbeOptions, ProbePair } from "./result.ts";
export type { Rtt } from "./rtt.ts";
