import { realpathSync, statSync } from "node:fs";
import { dirname, basename } from "node:path";
import { readWhole, replaceFile } from "../../sys/index.ts";
import { XclusterError } from "../../xcluster/index.ts";
import { UsageError } from "../usage.ts";

/**
 * Writes a list in one step. One that is there already is left; another is replaced only by force.
 * @throws {UsageError} for what is no file @throws {XclusterError} `other-list` @throws {SysError}
 */
export function writeList(file: string, text: string, force: boolean): "written" | "unchanged" {
  if (file === "") throw new UsageError("--write is empty", "name a file, like /etc/rnd-addresses");
  const there = statSync(file, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) {
    // A file would take the place of the device or pipe itself.
    const what = there.isDirectory() ? "a folder" : "no regular file";
    throw new UsageError(`--write ${file}: it is ${what}`, "without --write the list is on standard output");
  }
  const before = readWhole(file);
  if (before === text) return "unchanged";
  if (before !== undefined && !force) {
    throw new XclusterError(
      "other-list",
      `${file} has another list, and addresses may be in use that follow from it`,
      "--force replaces it; do so on all nodes",
    );
  }
  const target = there === undefined ? file : realpathSync(file);
  replaceFile(dirname(target), basename(target), new TextEncoder().encode(text), 0o644);
  return "written";
}
