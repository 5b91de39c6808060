import { MemoryKernel } from "../../src/kernel/memory.ts";
import { kernelContract } from "./kernel.ts";
import { rulesContract } from "./rules.ts";
import { walkContract } from "./walk.ts";

rulesContract("the kernel in memory", () => new MemoryKernel());
kernelContract("the kernel in memory", () => new MemoryKernel());
walkContract("the kernel in memory", () => new MemoryKernel());
