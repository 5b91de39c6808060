/** Becomes a command in a namespace: `_inside.ts NAME COMMAND…`. Standard error says why not; the exit code is 70 then. */
import { becomeInside } from "../../src/netns/index.ts";

const [name = "", ...command] = process.argv.slice(2);
try {
  becomeInside(name, command, process.env);
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exit(70);
}
