/** VERSION, and what a plugin says of itself: these need nothing of a plugin but its name and its versions. */
import { type SpecVersion, newestVersion } from "./version.ts";

/**
 * The answer to VERSION: the caller's version as on input, and all that the plugin supports. libcni asks it of every plugin before
 * each command of podman, so an input that cannot be read is no reason to fail.
 */
export function versionAnswer(stdin: string, versions: readonly SpecVersion[]): string {
  return JSON.stringify({ cniVersion: saidIn(stdin) ?? newestVersion, supportedVersions: versions });
}

function saidIn(stdin: string): string | undefined {
  try {
    const input = JSON.parse(stdin) as { readonly cniVersion?: unknown } | null;
    return typeof input?.cniVersion === "string" && input.cniVersion !== "" ? input.cniVersion : undefined;
  } catch {
    return undefined;
  }
}

/** What a plugin says on standard error when nobody calls it as one (CNI_COMMAND is not set). */
export function aboutText(name: string, version: string, versions: readonly SpecVersion[]): string {
  return `CNI ${name} plugin of netloom ${version}\nCNI protocol versions supported: ${versions.join(", ")}`;
}
