import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LabError } from "../error.ts";
import { stateRoot } from "../places.ts";
import { O, lockFile, makeDir, openFile, readSmall, signal } from "../../sys/index.ts";
import { freshNamespaces, selfCommand } from "./self.ts";

/**
 * An ordinary user's labs live in one user namespace (with network, mount and UTS namespaces of its own). The keeper is the one
 * process that keeps it: it sleeps, from the first `up` to the last `down`.
 */
export interface Keeper {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat (proc(5)): tells it from a later process with the same number. */
  readonly started: string;
}

const fileOf = (root: string): string => join(root, "keeper.json");

/** The keeper of this user, if it is alive. */
export function findKeeper(root = stateRoot()): Keeper | undefined {
  let text: string;
  try {
    text = readFileSync(fileOf(root), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  const keeper = JSON.parse(text) as Keeper;
  return startOf(keeper.pid) === keeper.started ? keeper : undefined;
}

function startOf(pid: number): string | undefined {
  // The command name may contain spaces and parentheses: fields are counted after the last one.
  return readSmall(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, "")
    .split(" ")[19];
}

/**
 * Starts the keeper in new namespaces in which this user is root; if another netloom did meanwhile, it is that one.
 * @throws {LabError} `denied` when the host forbids user namespaces
 */
export async function startKeeper(root = stateRoot()): Promise<Keeper> {
  makeDir(root, 0o700);
  // Two that come first at once would make two, and lose the labs of one.
  using folder = openFile(root, O.RDONLY | O.DIRECTORY);
  lockFile(folder, true);
  const there = findKeeper(root);
  if (there !== undefined) return there;
  // A session of its own: Ctrl-C in the terminal is not meant for it.
  const child = Bun.spawn(["setsid", ...freshNamespaces, "--", ...selfCommand(), "__keeper"], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, NETLOOM_INSIDE: "1", NETLOOM_STATE_DIR: root },
  });
  const pid = Number(await firstLine(child.stdout));
  if (!Number.isInteger(pid) || pid <= 0) {
    const reason = (await child.stderr.text()).trim();
    throw new LabError(
      "denied",
      `make a user namespace: ${reason || "it could not be made"}; the host may forbid it to ordinary users ('netloom doctor' names the setting), or run netloom as root`,
    );
  }
  child.unref();
  const keeper = { pid, started: startOf(pid) ?? "" };
  writeFileSync(fileOf(root), JSON.stringify(keeper), { mode: 0o600 });
  return keeper;
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of stream) {
    text += decoder.decode(part, { stream: true });
    if (text.includes("\n")) break;
  }
  return text.split("\n")[0] ?? "";
}

/** Ends the keeper, and with it all that is left in its namespaces. */
export function endKeeper(root = stateRoot()): void {
  const keeper = findKeeper(root);
  if (keeper !== undefined) signal(keeper.pid, 15);
  rmSync(fileOf(root), { force: true });
}
