import { becomeInside, pinState } from "../netns/index.ts";
import { listDir } from "../sys/index.ts";
import { UsageError } from "./usage.ts";
import { stateRoot } from "../lab/places.ts";

/** A node or pod as written on the command line; without a lab, the only one is meant. */
export interface Target {
  readonly lab: string | undefined;
  readonly name: string;
}

/** Reads `POD`, `LAB/POD` or `LAB POD`. @throws {UsageError} */
export function parseTarget(words: readonly string[], lab: string | undefined): Target {
  const [first, second] = words;
  if (first === undefined || words.length > 2) {
    throw new UsageError("name one node or pod, as POD, LAB/POD or LAB POD", "'netloom inspect' lists them");
  }
  if (second !== undefined) return { lab: first, name: second };
  const slash = first.indexOf("/");
  return slash < 0 ? { lab, name: first } : { lab: first.slice(0, slash), name: first.slice(slash + 1) };
}

/** Is it `LAB TARGET`, where no `--` says so: a lab, and something in it? */
export function isLabAndTarget(lab: string, name: string): boolean {
  return !name.includes("/") && labNames().includes(lab) && pinState(`${lab}-${name}`) === "pinned";
}

/** Names of the folders that hold a lab's state. Locks lie beside them; a lab's name has no dot. */
export function labNames(): string[] {
  return listDir(stateRoot())
    .filter((name) => !name.includes("."))
    .toSorted();
}

/** The lab meant when none is named: the only one. @throws {UsageError} where there are several */
export function onlyLab(): string | undefined {
  const labs = labNames();
  if (labs.length > 1) {
    throw new UsageError(`several labs are there: ${labs.join(", ")}`, "say which one with --lab NAME or NETLOOM_LAB");
  }
  return labs[0];
}

/**
 * Becomes a command in a node or pod. Returns only by throwing.
 * @throws {UsageError}, {NetnsError} `missing`, {SysError}, {LabError} `not-found`
 */
export async function become(
  { lab, name }: Target,
  command: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<never> {
  const owner = lab ?? onlyLab();
  if (owner === undefined) throw await noLab();
  return becomeInside(`${owner}-${name}`, command, env);
}

/** Why there is nothing to enter, found out at leisure: a wrong lab, a wrong name with a suggestion, a lab half up. */
export async function explainMissing({ lab, name }: Target): Promise<unknown> {
  const { LabError, netnsOf, open } = await import("../lab/index.ts");
  const owner = lab ?? onlyLab() ?? "";
  try {
    const netns = netnsOf(open(owner).topology, name);
    return new LabError("not-found", `lab ${owner} is not wholly up: there is no namespace ${netns}; run 'netloom up'`);
  } catch (error) {
    return error;
  }
}

async function noLab(): Promise<unknown> {
  const { LabError } = await import("../lab/index.ts");
  return new LabError("not-found", "no lab is running; start one with 'netloom up'");
}
