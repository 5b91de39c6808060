/** The variables a plugin is called with, checked as the table of the specification says (SPEC "Parameters"). */
import { CniError, codes } from "./error.ts";
import type { Command } from "./plugin.ts";

/** As `process.env` has them. */
export type Variables = { readonly [name: string]: string | undefined };

/** Variables that were not given are empty. */
export interface Environment {
  /** As given: whether it is a command at all is asked last. */
  readonly command: string;
  readonly containerId: string;
  readonly netns: string;
  readonly ifname: string;
  readonly args: string;
  readonly path: readonly string[];
  /** The plugin may work in its own namespace (libcni's CNI_NETNS_OVERRIDE). */
  readonly ownNetns: boolean;
}

interface Variable {
  readonly name: string;
  readonly neededBy: readonly Command[];
  /** What is wrong with a value, if anything. */
  readonly fault?: (value: string) => string | undefined;
}

/**
 * In the order in which they are checked. CNI_PATH is not in it: it is missed only by who has to look for a delegate. IFNAME and
 * CONTAINERID end in file names and names of rules, so nothing else may pass here.
 */
const variables: readonly Variable[] = [
  { name: "CNI_CONTAINERID", neededBy: ["ADD", "DEL", "CHECK"], fault: idFault },
  { name: "CNI_NETNS", neededBy: ["ADD", "CHECK"] },
  { name: "CNI_IFNAME", neededBy: ["ADD", "DEL", "CHECK"], fault: ifnameFault },
];

const commands: readonly string[] = ["ADD", "DEL", "CHECK", "STATUS", "GC", "VERSION"] satisfies Command[];

/** Reads the variables of a call. @throws {CniError} 4 naming the variables that are wrong or missing */
export function readEnvironment(env: Variables): Environment {
  const command = env["CNI_COMMAND"] ?? "";
  const missing: string[] = [];
  for (const { name, neededBy, fault } of variables) {
    const value = env[name] ?? "";
    if (value === "") {
      if ((neededBy as readonly string[]).includes(command)) missing.push(name);
      continue;
    }
    const wrong = fault?.(value);
    if (wrong !== undefined) {
      throw new CniError(codes.badEnvironment, `cannot use ${name} ${JSON.stringify(value)}: ${wrong}`);
    }
  }
  if (missing.length > 0) {
    throw new CniError(
      codes.badEnvironment,
      `cannot ${command}: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not set`,
      "the caller of a CNI plugin sets these environment variables",
    );
  }
  return {
    command,
    containerId: env["CNI_CONTAINERID"] ?? "",
    netns: env["CNI_NETNS"] ?? "",
    ifname: env["CNI_IFNAME"] ?? "",
    args: env["CNI_ARGS"] ?? "",
    path: (env["CNI_PATH"] ?? "").split(":").filter((folder) => folder !== ""),
    ownNetns: ["1", "true"].includes((env["CNI_NETNS_OVERRIDE"] ?? "").toLowerCase()),
  };
}

/** @throws {CniError} 4 */
export function checkCommand(command: string): asserts command is Command {
  if (commands.includes(command)) return;
  throw new CniError(
    codes.badEnvironment,
    `unknown CNI_COMMAND ${JSON.stringify(command)}`,
    `write ${commands.join(", ")}, in capitals`,
  );
}

/** What is wrong with the ID of a container, or the name of a network: their rule is one (SPEC "Parameters", "name"). */
export function idFault(value: string): string | undefined {
  if (isId(value)) return undefined;
  return "it begins with a letter or a digit and goes on with letters, digits, dots, dashes and underscores";
}

/** `^[a-zA-Z0-9][a-zA-Z0-9_.-]*$`, by hand: compiling an expression takes longer than all of a call's checks. */
function isId(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    const isAlphanumeric = (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || (c >= 0x30 && c <= 0x39);
    const isMark = c === 0x5f || c === 0x2e || c === 0x2d;
    if (!isAlphanumeric && (i === 0 || !isMark)) return false;
  }
  return value !== "";
}

/** What is wrong with the name of an interface: 1 to 15 bytes, no `/`, no `:`, no white space. */
export function ifnameFault(value: string): string | undefined {
  if (value === "") return "it is empty";
  if (isPlain(value)) return value === "." || value === ".." ? "the kernel keeps it for folders" : undefined;
  const bytes = new TextEncoder().encode(value).length;
  if (bytes > 15) return `it has ${bytes} bytes, and the kernel takes 15`;
  return /[/:\s\0]/.test(value) ? "it contains a slash, a colon or white space" : undefined;
}

/** Up to 15 of ASCII's visible characters but `/` and `:`: nearly every name. */
function isPlain(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if (c <= 0x20 || c >= 0x7f || c === 0x2f || c === 0x3a) return false;
  }
  return value.length <= 15;
}
