import { MemoryKernel } from "../../src/kernel/memory.ts";
import { kernelContract } from "./kernel.ts";
import { walkContract } from "./walk.ts";

kernelContract("the kernel in memory", () => new MemoryKernel());
walkContract("the kernel in memory", () => new MemoryKernel());
