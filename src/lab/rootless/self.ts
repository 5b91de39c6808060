import { join } from "node:path";

/** Begins a command line that runs in namespaces of its own, in which this user is root. util-linux has it. */
export const freshNamespaces = ["unshare", "--user", "--map-root-user", "--net", "--mount", "--uts"] as const;

/** The command line that starts this program again: the executable, or Bun with the sources. */
export function selfCommand(): string[] {
  // A compiled executable's sources are in Bun's virtual file system.
  return Bun.main.startsWith("/$bunfs/")
    ? [process.execPath]
    : [process.execPath, join(import.meta.dir, "../../cli/main.ts")];
}
