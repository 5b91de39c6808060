/** Enters a namespace and makes the way home impossible: nothing after it may run. */
import { createNetns, openNetns } from "../../src/netns/index.ts";
import { inside } from "../../src/sys/index.ts";
import { closeSync, readdirSync, readlinkSync } from "node:fs";

createNetns([{ name: "nln-lost", hostname: "lost" }]);
const home = readlinkSync("/proc/self/ns/net");
using net = openNetns("nln-lost");
process.on("exit", () => process.stdout.write("an exit handler ran"));
inside(net, () => {
  for (const fd of readdirSync("/proc/self/fd")) {
    let link: string;
    try {
      link = readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      continue; // The folder's own descriptor, closed by now.
    }
    if (link === home) closeSync(Number(fd));
  }
});
process.stdout.write("came home");
