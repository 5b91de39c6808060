import { RealKernel } from "../../src/kernel/index.ts";
import { kernelContract } from "../contract/kernel.ts";

kernelContract("the real kernel", () => new RealKernel());
