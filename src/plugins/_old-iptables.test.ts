import { expect, test } from "bun:test";
import { join } from "node:path";

/** Nobody, where we may become that. */
const asNobody = process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];

test("where the kernel does not say which tables there are, there are none", () => {
  const file = join(import.meta.dir, "_old-iptables.ts");
  const program = `console.log((await import(${JSON.stringify(file)})).hasOldIptables("nat"))`;
  const run = Bun.spawnSync([...asNobody, process.execPath, "-e", program], { cwd: "/", env: { TMPDIR: "/tmp" } });
  expect([run.stderr.toString(), run.stdout.toString()]).toEqual(["", "false\n"]);
});
