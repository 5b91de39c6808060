import { RealKernel } from "../../src/kernel/index.ts";
import { kernelContract } from "../contract/kernel.ts";
import { printedContract } from "../contract/printed.ts";
import { walkContract } from "../contract/walk.ts";

const make = (): RealKernel => new RealKernel();

kernelContract("the real kernel", make);
// Few steps: where addresses are not excused from detection, each waits for it.
walkContract("the real kernel", make, [1], 6);
printedContract(make);
