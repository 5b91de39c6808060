/**
 * Before any test: those that change the network, or bring labs up and down, are not even loaded by a bare `bun test`. They would
 * leave links and addresses on the machine, and a person's lab may be up.
 */
import { plugin } from "bun";
import { join, relative } from "node:path";
import { lanes } from "./run-lanes.ts";

const root = join(import.meta.dir, "..");
const folders = lanes.flatMap(({ kernel, glob }) => (kernel ? [glob.slice(0, glob.indexOf("/**"))] : []));

if (process.env["TEST_SANDBOX"] === undefined) {
  plugin({
    name: "tests that need a sandbox",
    setup: (build) => {
      build.onLoad({ filter: new RegExp(`/(?:${folders.join("|")})/.*\\.test\\.ts$`) }, ({ path }) => {
        const file = relative(root, path);
        throw new Error(`${file} needs a sandbox; run it by: npm test -- ${file}`);
      });
    },
  });
}
