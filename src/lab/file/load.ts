import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { LabFileError } from "./issue.ts";
import { labOf, parseLabTexts } from "./lab-file.ts";
import type { LabFile } from "./lab-file.ts";
import type { LabInput } from "./schema.ts";

const suffix = ".netloom.yaml";

/**
 * Reads lab files, later ones laid over earlier ones. A path is a file, a directory with one `*.netloom.yaml` in it, or
 * `-` for standard input; without paths it is the directory `.`. Throws {@link LabFileError}.
 */
export function loadLabFile(paths: readonly string[] = []): LabFile {
  const sources = (paths.length === 0 ? ["."] : paths).map((path) => read(path));
  return withConflists(parseLabTexts(sources));
}

/** Conflists that are named by their paths, from the lab file's folder, become part of the lab. */
function withConflists(lab: LabFile): LabFile {
  const read = <N extends Pick<NetworkInput, "cni">>(network: N, path: string): N => {
    const { cni } = network;
    if (typeof cni?.conflist !== "string") return network;
    const file = resolve(dirname(lab.files.at(-1) ?? "."), cni.conflist);
    const text = attempt(file, () => readFileSync(file, "utf8"));
    return { ...network, cni: { ...cni, conflist: jsonOf(file, text, `${path}.cni.conflist`) } };
  };
  const { network, networks } = lab.input;
  if (![network, ...(networks ?? [])].some((each) => typeof each?.cni?.conflist === "string")) return lab;
  const input = {
    ...lab.input,
    ...(network === undefined ? {} : { network: read(network, "network") }),
    ...(networks === undefined ? {} : { networks: networks.map((each, at) => read(each, `networks[${at}]`)) }),
  };
  return labOf(input, lab);
}

function jsonOf(file: string, text: string, path: string): Conflist {
  try {
    return JSON.parse(text) as Conflist; // its shape is the schema's to check
  } catch (cause) {
    const message = `cannot read ${file}: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new LabFileError("syntax", [{ path, message }], { cause });
  }
}

type NetworkInput = NonNullable<LabInput["network"]>;
type Conflist = NonNullable<NetworkInput["cni"]>["conflist"];

function read(path: string): { readonly text: string; readonly filename: string } {
  if (path === "-") return { text: attempt("standard input", () => readFileSync(0, "utf8")), filename: "<stdin>" };
  const filename = attempt(path, () => statSync(path).isDirectory()) ? onlyLabIn(path) : path;
  return { text: attempt(filename, () => readFileSync(filename, "utf8")), filename };
}

function onlyLabIn(directory: string): string {
  const names = attempt(directory, () => readdirSync(directory))
    .filter((name) => name.endsWith(suffix))
    .toSorted();
  const [first, second] = names;
  if (first !== undefined && second === undefined) return directory === "." ? first : join(directory, first);
  const where = directory === "." ? "the current directory" : directory;
  const issue =
    first === undefined
      ? {
          path: "",
          message: `no *${suffix} in ${where}`,
          hint: "name one with -f FILE, or make one with: netloom init",
        }
      : { path: "", message: `several lab files in ${where}: ${names.join(", ")}`, hint: "name one with -f FILE" };
  throw new LabFileError("no-file", [issue]);
}

function attempt<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    const known: Readonly<Record<string, string>> = {
      ENOENT: "there is no such file",
      EACCES: "permission denied",
      EISDIR: "it is a directory",
    };
    const issue = { path: "", message: `cannot read ${what}: ${known[reason] ?? reason}` };
    throw new LabFileError(reason === "ENOENT" ? "no-file" : "unreadable", [issue], { cause });
  }
}
