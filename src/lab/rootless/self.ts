import { join } from "node:path";

/** The command line that starts this program again: the executable, or Bun with the sources. */
export function selfCommand(): string[] {
  // A compiled executable's sources are in Bun's virtual file system.
  return Bun.main.startsWith("/$bunfs/")
    ? [process.execPath]
    : [process.execPath, join(import.meta.dir, "../../cli/main.ts")];
}
