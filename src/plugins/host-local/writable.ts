import { accessSync, constants } from "node:fs";
import { dirname } from "node:path";
import { CniError, codes } from "../../cni/index.ts";
import type { HostLocalConf } from "./schema.ts";

/** Reservations can be written, where need be in folders that are not there yet. @throws {CniError} 50 */
export function needWritable({ folder }: Pick<HostLocalConf, "folder">): void {
  for (let path = folder; ; path = dirname(path)) {
    try {
      accessSync(path, constants.W_OK);
      return;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "ENOENT" && path !== dirname(path)) continue;
      const why = code === "EROFS" ? "its file system is read-only" : String(error);
      throw new CniError(
        codes.notAvailable,
        `the address reservations in ${folder} cannot be written`,
        `${path}: ${why}: mend that, or name another folder as ipam.dataDir`,
        { cause: error },
      );
    }
  }
}
