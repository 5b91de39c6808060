import { MemoryKernel } from "../../src/kernel/memory.ts";
import { kernelContract } from "./kernel.ts";

kernelContract("the kernel in memory", () => new MemoryKernel());
