import { readToEnd, writeText } from "../sys/stream.ts";
import { CniError, codes } from "./error.ts";

/** More than any network needs: a GC that names 80000 attachments. */
export const MOST_INPUT = 8 * 1024 * 1024;

/** The network configuration from standard input. @throws {CniError} 5 */
export function readStdin(): string {
  let text: string | undefined;
  try {
    text = readToEnd(0, MOST_INPUT, "read standard input");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CniError(codes.io, `cannot ${why}`, "a CNI plugin is given its network configuration there", {
      cause: error,
    });
  }
  if (text !== undefined) return text;
  throw new CniError(
    codes.io,
    `cannot read standard input: it is longer than ${MOST_INPUT / 1024 / 1024} MiB`,
    "a CNI plugin is given its network configuration there",
  );
}

/** What standard input holds for VERSION, which many ask without any. */
export function readStdinIfAny(): string {
  const PATIENCE_MS = 500;
  try {
    return readToEnd(0, MOST_INPUT, "read standard input", PATIENCE_MS) ?? "";
  } catch {
    // VERSION is answered without it.
    return "";
  }
}

/** The one document of a call, to standard output. @throws {CniError} 5: nobody reads it, or its disk is full */
export function writeStdout(document: string): void {
  try {
    writeText(1, `${document}\n`, "write to standard output");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CniError(codes.io, `cannot ${why}`, "a CNI plugin answers there", { cause: error });
  }
}

/** A line for people. That it cannot be written is no reason to fail. */
export function writeStderr(line: string): void {
  try {
    writeText(2, `${line}\n`, "write to standard error");
  } catch {
    // Nobody listens.
  }
}
