import { dirname, basename } from "node:path";
import { readWhole, replaceFile } from "../../sys/index.ts";
import { XclusterError } from "../../xcluster/index.ts";

/** Writes a list in one step. One that is there already is left; another is replaced only by force. @throws {XclusterError} `other-list` @throws {SysError} */
export function writeList(file: string, text: string, force: boolean): "written" | "unchanged" {
  const before = readWhole(file);
  if (before === text) return "unchanged";
  if (before !== undefined && !force) {
    throw new XclusterError(
      "other-list",
      `${file} has another list, and addresses may be in use that follow from it`,
      "--force replaces it; do so on all nodes",
    );
  }
  replaceFile(dirname(file), basename(file), new TextEncoder().encode(text), 0o644);
  return "written";
}
