/**
 * A netloom that dies: `_crash.ts up|down N` brings the lab of the tests up or down, and ends itself with SIGKILL before
 * op N.
 */
import { load } from "../../src/lab/index.ts";
import { FaultyKernel, overlay } from "./lab-host.ts";

const [verb, where = "0"] = process.argv.slice(2);
const last = Number(where);

const lab = load(overlay, {
  kernel: () =>
    new FaultyKernel((at) => {
      if (at === last) process.kill(process.pid, "SIGKILL");
    }),
});
await (verb === "down" ? lab.down() : lab.up());
