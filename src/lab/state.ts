import { readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { z } from "zod";
import type { NetnsName } from "../change/index.ts";
import { O, fsync, identity, openFile, writeAll } from "../sys/index.ts";
import { LabError } from "./error.ts";
import { labErrorOf } from "./failure.ts";
import type { LabInput } from "./file/index.ts";
import { type LabPlaces, makePlaces, placesOf, stateRoot } from "./places.ts";

const stateSchema = z.object({
  schemaVersion: z.literal(1),
  name: z.string(),
  /** Where the lab file was, for people; the lab does not need it any more. */
  files: z.array(z.string()),
  input: z.unknown(),
  /** Every namespace that is or may be this lab's: written before the first of them is made. */
  namespaces: z.array(z.string()),
  /** `up`: as the spec says; `changing`: in the middle of something. */
  phase: z.enum(["changing", "up"]),
  since: z.string(),
});

/** What is remembered of a lab between two commands. */
export interface LabState {
  readonly name: string;
  readonly files: readonly string[];
  /** The lab file's content: the lab can be resolved again without the file. */
  readonly input: LabInput;
  readonly namespaces: readonly NetnsName[];
  readonly phase: "changing" | "up";
  /** ISO 8601 time of the last change. */
  readonly since: string;
}

/** Puts the state on the disk, whole or not at all. @throws {SysError} ENOSPC and the like */
export function writeState(places: LabPlaces, state: LabState): void {
  makePlaces(places);
  const draft = `${places.state}.new`;
  {
    using fd = openFile(draft, O.WRONLY | O.CREAT | O.TRUNC, 0o600);
    const text = `${JSON.stringify({ schemaVersion: 1, ...state })}\n`;
    writeAll(fd, new TextEncoder().encode(text), `write ${draft}`);
    fsync(fd, `write ${draft}`);
  }
  renameSync(draft, places.state);
}

/** The remembered state, or `undefined` where the lab is not known. @throws {LabError} `conflict` for a file that is not ours, `failed`, `denied` */
export function readState(places: LabPlaces): LabState | undefined {
  let text: string;
  try {
    text = readFileSync(places.state, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return undefined;
    throw labErrorOf(`read the state of a lab from ${places.state}`, error);
  }
  try {
    const state = stateSchema.parse(JSON.parse(text));
    return { ...state, input: state.input as LabInput };
  } catch (error) {
    throw new LabError(
      "conflict",
      `${places.state} is not a state file of this netloom version; take the lab down with the version that made it, or remove the file and run 'netloom cleanup' for what is left of it`,
      error,
    );
  }
}

/** Forgets a lab. */
export function removeState(places: LabPlaces): void {
  rmSync(places.folder, { recursive: true, force: true });
}

/** Names of all labs that are known, running or half-made. @throws {LabError} `denied`, `failed` */
export function listLabs(root = stateRoot()): string[] {
  let entries;
  try {
    entries = readdirSync(root, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw labErrorOf(`look for labs in ${root}`, error);
  }
  return entries
    .filter((entry) => entry.isDirectory() && identity(placesOf(entry.name, root).state) !== undefined)
    .map((entry) => entry.name)
    .sort();
}
