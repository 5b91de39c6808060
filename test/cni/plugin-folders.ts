/** Folders of plugins that the tests run: the reference's newest and Debian's release, and ours. */
import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dir, "../..");

export interface PluginFolder {
  /** As it is called in the names of tests. */
  readonly title: string;
  readonly path: string;
}

function built(): string {
  return Bun.spawnSync(["sh", join(root, "test/peers/setup"), "where"])
    .stdout.toString()
    .trim();
}

function folder(title: string, path: string): PluginFolder | undefined {
  return existsSync(join(path, "bridge")) ? { title, path } : undefined;
}

/** The reference plugins of test/peers/go.mod; absent where they could not be built. */
export const reference = folder("reference v1.9.1", built());
/** Debian 12's package containernetworking-plugins. */
export const debian = folder("Debian's 1.1.1", "/usr/lib/cni");
/** The reference's cnitool. */
export const cnitool = reference === undefined ? undefined : join(reference.path, "cnitool");

/** The executable that `test/cni/setup` has built from these sources. */
export const executable = join(root, "dist/test/netloom");

/** The plugins of this checkout: every name under which its executable answers to VERSION. */
export const ours = folder("netloom", ourFolder());

function ourFolder(): string {
  // In the sandbox's own /run, so that two test files do not meet.
  const path = "/run/netloom-plugins";
  if (existsSync(path) || !existsSync(executable)) return path;
  mkdirSync(path);
  for (const name of readdirSync(join(root, "src/plugins"))) {
    if (!existsSync(join(root, "src/plugins", name, "main.ts"))) continue;
    const asked = Bun.spawnSync([executable], { argv0: name, stdin: "ignore", env: { CNI_COMMAND: "VERSION" } });
    if (asked.success && asked.stdout.toString().includes("supportedVersions"))
      symlinkSync(executable, join(path, name));
  }
  return path;
}

/** Names of the plugins in a folder. */
export function namesIn({ path }: PluginFolder): readonly string[] {
  return readdirSync(path).toSorted();
}

/** Why a test that needs the reference is skipped. */
export const noReference = "(needs the reference plugins; test/peers/setup says why they are not there)";
