/** Folders of plugins that the tests run: the reference's newest and Debian's release, and ours. */
import { existsSync, readdirSync } from "node:fs";
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

/** The plugins of this checkout, as `netloom cni install` put them there. */
export const ours = folder("netloom", join(root, "dist/test/plugins"));

/** Names of the plugins in a folder. */
export function namesIn({ path }: PluginFolder): readonly string[] {
  return readdirSync(path).toSorted();
}

/** Why a test that needs the reference is skipped. */
export const noReference = "(needs the reference plugins; test/peers/setup says why they are not there)";
