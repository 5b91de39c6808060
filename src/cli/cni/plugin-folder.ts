import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";
import { UsageError } from "../usage.ts";

/** The executable's own name in a folder that has a copy of it. */
const COPY = "netloom";

/** Whose a name in the folder is: `netloom` leads to the executable that is meant, `other netloom` to another one. */
export type Holder = "free" | "netloom" | "other netloom" | "not netloom";

/** One change of the folder. */
export type Step =
  | { readonly do: "link"; readonly name: string; readonly target: string; readonly replaces: Holder }
  | { readonly do: "copy"; readonly name: string; readonly from: string }
  | { readonly do: "remove"; readonly name: string };

/** A folder of plugins, some of them netloom's. */
export interface PluginFolder {
  readonly path: string;
  holderOf(name: string): Holder;
  /** What is needed for the names to lead to the executable; nothing for those that do. @throws {UsageError}, {ConflictError} */
  planInstall(names: readonly string[], how: "symlink" | "copy", force: boolean): readonly Step[];
  /** What is needed for none of the names to be netloom's. */
  planRemoval(names: readonly string[]): readonly Step[];
  /** Does the steps; each in one move. When one fails those before it are taken back. */
  run(steps: readonly Step[]): void;
  print(step: Step): string;
}

/** Somebody else's file has the name. */
class ConflictError extends Error {
  override readonly name = "ConflictError";
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** @param executable - what names are to lead to; asked for when it is needed. @throws {UsageError} where `dir` is something else */
export function openFolder(dir: string, executable: () => string): PluginFolder {
  const path = resolve(dir);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new UsageError(`${path} is no folder`, "name one: --dir DIR");
  }
  const at = (name: string): string => join(path, name);
  const holderOf = (name: string): Holder => holder(at(name), path, executable);

  const planInstall: PluginFolder["planInstall"] = (names, how, force) => {
    const foreign = names.filter((name) => holderOf(name) === "not netloom");
    if (foreign.length > 0 && !force) {
      throw new ConflictError(
        `${path} has ${foreign.join(", ")} that ${foreign.length === 1 ? "is" : "are"} not netloom's; nothing was changed`,
        "choose another folder and put it first in CNI_PATH, name only the plugins you want, or replace them: --force",
      );
    }
    const folder = foreign.find((name) => lstatSync(at(name)).isDirectory());
    if (folder !== undefined) throw new UsageError(`${at(folder)} is a folder`, "remove it first");
    const from = executable();
    const copied = how === "copy" && resolve(from) !== at(COPY);
    const target = how === "copy" || resolve(from) === at(COPY) ? COPY : from;
    const isThere = (name: string): boolean => linkOf(at(name)) === target;
    return [
      ...(copied ? [{ do: "copy", name: COPY, from } as const] : []),
      ...names
        .filter((name) => !isThere(name))
        .map((name) => ({ do: "link", name, target, replaces: holderOf(name) }) as const),
    ];
  };

  const planRemoval: PluginFolder["planRemoval"] = (names) => {
    const own = names.filter((name) => isOwn(holderOf(name)));
    const left = ownNames(path, holderOf).filter((name) => !own.includes(name));
    // The copy goes with the last that leads to it; the executable itself is never removed.
    const copy = left.length === 0 && existsSync(at(COPY)) && realpathSync(at(COPY)) !== tryPath(executable);
    const linked = own.some((name) => linkOf(at(name)) === COPY);
    return [...own, ...(copy && linked ? [COPY] : [])].map((name) => ({ do: "remove", name }) as const);
  };

  const run: PluginFolder["run"] = (steps) => {
    const undo: (() => void)[] = [];
    try {
      if (steps.some((step) => step.do !== "remove") && !existsSync(path)) {
        const first = mkdirSync(path, { recursive: true, mode: 0o755 });
        if (first !== undefined) undo.push(() => rmSync(first, { recursive: true }));
      }
      for (const step of steps) undo.push(does(step, at));
    } catch (error) {
      for (const back of undo.toReversed()) back();
      throw isForbidden(error)
        ? Object.assign(error, { hint: "run it as root, or choose another folder: --dir DIR" })
        : error;
    }
    for (const { name } of steps) rmSync(aside(at(name)), { force: true });
  };

  return { path, holderOf, planInstall, planRemoval, run, print: (step) => printed(step, at) };
}

function isForbidden(error: unknown): error is Error {
  return error instanceof Error && "code" in error && ["EACCES", "EPERM", "EROFS"].includes(String(error.code));
}

const isOwn = (one: Holder): boolean => one === "netloom" || one === "other netloom";

/** Does one step and returns how to take it back; what was there is kept aside until all is done. */
function does(step: Step, at: (name: string) => string): () => void {
  const file = at(step.name);
  const kept = aside(file);
  const draft = `${at(`.${step.name}`)}.new`;
  rmSync(kept, { force: true });
  const before = lstatSync(file, { throwIfNoEntry: false });
  try {
    if (step.do === "link") symlinkSync(step.target, draft);
    if (step.do === "copy") {
      copyFileSync(step.from, draft);
      chmodSync(draft, 0o755);
    }
    if (before !== undefined && step.do === "remove") renameSync(file, kept);
    else if (before !== undefined) keep(file, kept);
    if (step.do !== "remove") renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    rmSync(kept, { force: true });
    throw error;
  }
  return () => {
    if (before === undefined) rmSync(file, { force: true });
    else renameSync(kept, file);
  };
}

/** Another name for what is there, so that the name itself is never free in between. */
function keep(file: string, kept: string): void {
  const target = linkOf(file);
  if (target === undefined) copyFileSync(file, kept);
  else symlinkSync(target, kept);
}

function aside(file: string): string {
  return join(file, "..", `.${basename(file)}.before`);
}

function printed(step: Step, at: (name: string) => string): string {
  switch (step.do) {
    case "copy":
      return `copy ${step.from} to ${at(step.name)}`;
    case "link":
      return `link ${at(step.name)} to ${step.target}${step.replaces === "not netloom" ? ", replacing what is there" : ""}`;
    case "remove":
      return `remove ${at(step.name)}`;
  }
}

/** Ours is a link to an executable called netloom, or to the one that is meant. */
function holder(file: string, folder: string, executable: () => string): Holder {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return "free";
  const target = linkOf(file);
  if (target === undefined) return "not netloom";
  const leads = resolve(folder, target);
  const meant = tryPath(executable);
  if (meant !== undefined && (leads === meant || tryPath(() => leads) === meant)) return "netloom";
  return basename(leads).startsWith("netloom") ? "other netloom" : "not netloom";
}

function ownNames(path: string, holderOf: (name: string) => Holder): readonly string[] {
  if (!existsSync(path)) return [];
  return [...new Bun.Glob("*").scanSync({ cwd: path, onlyFiles: false, dot: false })].filter((name) =>
    isOwn(holderOf(name)),
  );
}

function linkOf(file: string): string | undefined {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(file) : undefined;
}

/** The real path, where there is one. */
function tryPath(path: () => string): string | undefined {
  try {
    return realpathSync(path());
  } catch {
    return undefined; // No such file, or no executable to be meant: then nothing leads to it.
  }
}
