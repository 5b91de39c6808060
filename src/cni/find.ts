import { identity, isFile } from "../sys/index.ts";
import { CniError, codes } from "./error.ts";

/**
 * The first regular file of that name in the folders, as libcni looks for it.
 * @param at - where the name stands in the configuration
 * @throws {CniError} 102 where there is none, 7
 */
export function findPlugin(type: string, path: readonly string[], at = "type"): string {
  if (type === "" || type.includes("/")) {
    throw new CniError(
      codes.invalidConfig,
      `invalid plugin name ${JSON.stringify(type)}`,
      `at ${at}: write the name of a file in CNI_PATH, without a folder`,
    );
  }
  for (const folder of path) {
    const file = `${folder}/${type}`;
    if (isFile(file)) return file;
  }
  throw new CniError(
    codes.missing,
    `cannot find plugin ${type}`,
    path.length === 0
      ? "CNI_PATH is not set: it names the folders of plugins"
      : `at ${at}: it is not in CNI_PATH (${path.join(", ")}): correct the name, or install it there`,
  );
}

/** Whether a file is the executable that runs, by whatever name. */
export function isThisExecutable(file: string): boolean {
  return identity(file) === identity("/proc/self/exe");
}
