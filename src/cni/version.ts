import { CniError, codes } from "./error.ts";

/** The versions of the specification, oldest first. */
export const specVersions = ["0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"] as const;

export type SpecVersion = (typeof specVersions)[number];

/** What we speak, if nobody says otherwise. */
export const newestVersion: SpecVersion = "1.1.0";

/** Those from `oldest` on: what a plugin supports that began with it. */
export function versionsFrom(oldest: SpecVersion): readonly SpecVersion[] {
  return specVersions.slice(specVersions.indexOf(oldest));
}

/** Exactly one of the known texts: `1.0` is none (SPEC "Version considerations"). */
export function isSpecVersion(text: string): text is SpecVersion {
  return (specVersions as readonly string[]).includes(text);
}

/**
 * Orders two versions as numbers, also unknown ones: up to three parts, a missing one is 0, an empty text is 0.1.0.
 * Negative, zero or positive.
 * @throws {CniError} 6 for a text that is no version
 */
export function compareVersions(a: string, b: string): number {
  if (isSpecVersion(a) && isSpecVersion(b)) return specVersions.indexOf(a) - specVersions.indexOf(b);
  const left = numbersOf(a);
  const right = numbersOf(b);
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): readonly number[] {
  const parts = (version === "" ? "0.1.0" : version).split(".");
  if (parts.length > 3 || parts.some((part) => !/^\d{1,9}$/.test(part))) {
    throw new CniError(
      codes.undecodable,
      `cannot read version ${JSON.stringify(version)}`,
      `cniVersion: write numbers joined by dots; netloom knows ${specVersions.join(", ")}`,
    );
  }
  return parts.map(Number);
}

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
