import { version } from "../../package.json";
import { ipu } from "../xcluster/ipu/index.ts";

/** The program `ipu`, to its exit code. */
export async function ipuFast(words: readonly string[]): Promise<number> {
  const { exit, stdout, stderr } = await ipu(words, version);
  if (stdout !== "") console.log(stdout.slice(0, -1));
  // Not console.error, which paints on terminals.
  if (stderr !== "") (await import("../sys/stream.ts")).writeText(2, stderr, "write an error");
  return exit;
}
