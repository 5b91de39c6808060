import { isFile } from "../sys/index.ts";
import { CniError, codes } from "./error.ts";

/** The first regular file of that name in the folders, as libcni looks for it. @throws {CniError} 102 where there is none, 7 */
export function findPlugin(type: string, path: readonly string[]): string {
  if (type === "" || type.includes("/")) {
    throw new CniError(
      codes.invalidConfig,
      `invalid plugin name ${JSON.stringify(type)}`,
      "type: write the name of a file in CNI_PATH, without a folder",
    );
  }
  for (const folder of path) {
    const file = `${folder}/${type}`;
    if (isFile(file)) return file;
  }
  throw new CniError(
    codes.missing,
    `cannot find plugin ${type}`,
    path.length === 0 ? "CNI_PATH is not set" : `CNI_PATH: it is not in ${path.join(", ")}`,
  );
}
