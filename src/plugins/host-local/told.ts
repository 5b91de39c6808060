import { CniError, codes } from "../../cni/index.ts";
import { IpamError } from "../../ipam/index.ts";

/** Does something of the room `ipam`; its errors become those of a plugin. @throws {CniError} 7, 106 */
export function told<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof IpamError)) throw error;
    throw error.code === "bad-range"
      ? new CniError(
          codes.invalidConfig,
          `invalid network configuration: ${error.message}`,
          `at ${error.where}: ${error.remedy}`,
          { cause: error },
        )
      : new CniError(codes.storage, error.message, `${error.where}: ${error.remedy}`, { cause: error });
  }
}
