import type { Benchmark } from "./_harness/benchmark.ts";
import { cni } from "./cni.ts";
import { down } from "./down.ts";
import { exec } from "./exec.ts";
import { matrix } from "./matrix.ts";
import { memory } from "./memory.ts";
import { netnsTest } from "./netns-test.ts";
import { pods } from "./pods.ts";
import { reapply } from "./reapply.ts";
import { version } from "./version.ts";

/** In the order in which they are run and shown. */
export const benchmarks: readonly Benchmark[] = [pods, reapply, down, exec, matrix, memory, version, cni, netnsTest];
