import { CniError, type JsonObject, codes } from "../../cni/index.ts";
import { SysError, writeText } from "../../sys/index.ts";

/** Tells the caller ADD's result. @throws {CniError} 5 when nobody takes it: then there is nobody to send a DEL either */
export function printResult(result: JsonObject, end: "\n" | "" = "\n"): void {
  try {
    writeText(1, JSON.stringify(result, undefined, 4) + end, "write the result to standard output");
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    throw new CniError(codes.io, `cannot ${error.message}`, "an ADD whose result nobody gets is undone", {
      cause: error,
    });
  }
}
