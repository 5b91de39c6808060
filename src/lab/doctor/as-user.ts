import { freshNamespaces, selfCommand } from "../rootless/self.ts";
import type { Outcomes } from "./scratch.ts";

/**
 * As `tryAll` for an ordinary user, whose labs are in a user namespace: this program again, in one of its own that
 * ends with it.
 */
export function tryAllAsUser(): Outcomes {
  if (Bun.which("unshare") === null) return failed("there is no unshare (util-linux) to make a user namespace with");
  const command = [...freshNamespaces, "--", ...selfCommand(), "__trials"];
  const env = { ...process.env, NETLOOM_INSIDE: "1" };
  const run = Bun.spawnSync(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe", env });
  if (run.exitCode === 0) return new Map(JSON.parse(run.stdout.toString()));
  return failed(run.stderr.toString().trim());
}

function failed(words: string): Outcomes {
  return new Map([["namespaces", { ok: false, code: "EPERM", words }]]);
}
