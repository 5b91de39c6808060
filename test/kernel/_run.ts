/** Runs the ops of its argument, in JSON, on the kernel. */
import type { Op } from "../../src/change/index.ts";
import { RealKernel } from "../../src/kernel/index.ts";

using kernel = new RealKernel();
kernel.run(JSON.parse(process.argv[2] ?? "[]") as readonly Op[]);
