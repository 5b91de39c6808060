/** What the end-to-end tests share: the sandbox of test/run.ts, and the netloom of this checkout. */
import { readdirSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `netloom ARGS` from the sources, in the checkout's folder. */
export function netloom(...args: readonly string[]): Said {
  const run = Bun.spawnSync([join(root, "bin/netloom"), ...args], { cwd: root, stdin: "ignore" });
  return { code: run.exitCode, stdout: run.stdout.toString(), stderr: run.stderr.toString() };
}

/** What labs have left in this sandbox: namespaces by name, state, and devices of its own network namespace. */
export function listing(): readonly string[] {
  const devices = Bun.spawnSync(["ip", "-o", "link"]).stdout.toString().trim().split("\n");
  return [
    ...files("/run/netns").map((name) => `/run/netns/${name}`),
    ...files("/run/netloom").map((name) => `/run/netloom/${name}`),
    ...devices.filter((line) => !/^\d+: lo:/.test(line)),
  ];
}

function files(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
