/** Brings the small lab up and tells what was thrown: `_up.ts [JSON of more lab keys]`. With `NETLOOM_TEST_STOP=N` it stops itself before op N. */
import { LabError, load } from "../../src/lab/index.ts";
import { FaultyKernel, small } from "./lab-host.ts";

const [more = "{}"] = process.argv.slice(2);
const stop = process.env["NETLOOM_TEST_STOP"];
const at = stop === undefined ? -1 : Number(stop);
const stopping = (): FaultyKernel =>
  new FaultyKernel((now) => {
    if (now === at) process.kill(process.pid, "SIGSTOP");
  });
const lab = load({ ...small, ...(JSON.parse(more) as object) }, stop === undefined ? {} : { kernel: stopping });
try {
  await lab.up();
  process.stdout.write(JSON.stringify({ code: "up" }));
} catch (error) {
  const { name, message } = error as Error;
  const code = error instanceof LabError ? error.code : undefined;
  process.stdout.write(JSON.stringify({ name, code, message }));
}
