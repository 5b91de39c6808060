import { existsSync } from "node:fs";
import type { Lab } from "../lab/index.ts";
import { labNames, onlyLab } from "./target.ts";
import { UsageError } from "./usage.ts";

/** How a lab can be named on the command line. */
export interface LabChoice {
  /** As an argument: a running lab's name, or a file. */
  readonly args: readonly string[];
  readonly flags: { readonly file: readonly string[]; readonly lab: string | undefined };
}

/**
 * The lab of a file: `-f`, the arguments, or the folder's only one. Where there is none, `--lab` is a running lab as it
 * was last brought up. @throws {LabFileError}, {UsageError}, {LabError} `not-found`
 */
export async function labOfFile({ args, flags }: LabChoice): Promise<Lab> {
  const { load, open } = await import("../lab/index.ts");
  const files = [...flags.file, ...args];
  const lab = explainingNames(args, () => {
    if (files.length > 0) return load(files);
    const { lab: name } = flags;
    return name === undefined
      ? load(["."])
      : insteadOfNone(
          () => load(["."]),
          () => open(name),
        );
  });
  if (flags.lab !== undefined && flags.lab !== lab.name) {
    throw new UsageError(`--lab ${flags.lab}: the file is that of lab ${lab.name}`);
  }
  return lab;
}

function insteadOfNone(first: () => Lab, second: () => Lab): Lab {
  try {
    return first();
  } catch (error) {
    if (isNoFile(error)) return second();
    throw error;
  }
}

/** A running lab's name where a file is meant is likely no slip of the fingers. */
function explainingNames(args: readonly string[], body: () => Lab): Lab {
  try {
    return body();
  } catch (error) {
    const name = isNoFile(error) ? args.find((word) => !existsSync(word) && labNames().includes(word)) : undefined;
    if (name === undefined) throw error;
    throw new UsageError(
      `${name} is no file; lab ${name} is up`,
      `-f FILE is for its file, --lab ${name} for the lab as it was last brought up`,
    );
  }
}

function isNoFile(error: unknown): boolean {
  return error instanceof Error && error.name === "LabFileError" && "code" in error && error.code === "no-file";
}

/**
 * A lab that is up: by name, by file, or the only one there is.
 * @throws {LabError} `not-found`; {UsageError} where several are meant
 */
export async function runningLab(choice: LabChoice): Promise<Lab> {
  const found = await named(choice);
  if (found !== undefined) return found;
  const { LabError, open } = await import("../lab/index.ts");
  const only = onlyLab();
  if (only === undefined) throw new LabError("not-found", "no lab is running; start one with 'netloom up'");
  return open(only);
}

/** A lab to look at, up or not: by name, by file, the only one there is, or that of this folder. */
export async function anyLab(choice: LabChoice): Promise<Lab> {
  const found = await named(choice);
  if (found !== undefined) return found;
  const only = onlyLab();
  return only === undefined
    ? labOfFile({ args: [], flags: choice.flags })
    : (await import("../lab/index.ts")).open(only);
}

async function named(choice: LabChoice): Promise<Lab | undefined> {
  const { args, flags } = choice;
  const [name, extra] = args;
  if (extra !== undefined && !isFile(extra)) throw new UsageError(`one lab at a time: ${args.join(" ")}`);
  if (flags.file.length > 0 || (name !== undefined && isFile(name))) return labOfFile(choice);
  const wanted = name ?? flags.lab;
  return wanted === undefined ? undefined : (await import("../lab/index.ts")).open(wanted);
}

/** A lab's name has neither dot nor slash. */
function isFile(word: string): boolean {
  return word === "-" || word.includes("/") || word.includes(".");
}
