import { join } from "node:path";
import { makeDir } from "../sys/index.ts";

/**
 * Where the state of labs lives: `/run/netloom`, which dies with the reboot as namespaces do; for an ordinary user
 * `$XDG_RUNTIME_DIR/netloom`, or `/tmp/netloom-<uid>` where there is none. `NETLOOM_STATE_DIR` overrides it.
 */
export function stateRoot(): string {
  const given = process.env["NETLOOM_STATE_DIR"];
  if (given !== undefined && given !== "") return given;
  const uid = process.geteuid?.() ?? 0;
  if (uid === 0) return "/run/netloom";
  const runtime = process.env["XDG_RUNTIME_DIR"];
  return runtime === undefined || runtime === "" ? `/tmp/netloom-${uid}` : join(runtime, "netloom");
}

/** Is the root netloom's own to make and remove, and not given by somebody? */
export function isOwnRoot(): boolean {
  return (process.env["NETLOOM_STATE_DIR"] ?? "") === "";
}

/** Files of one lab. */
export interface LabPlaces {
  readonly folder: string;
  /** What the lab is and shall be. */
  readonly state: string;
  /** What is being done to it. */
  readonly journal: string;
  /** Outside the folder: it is held while the folder comes and goes. */
  readonly lock: string;
}

export function placesOf(lab: string, root = stateRoot()): LabPlaces {
  const folder = join(root, lab);
  return {
    folder,
    state: join(folder, "lab.json"),
    journal: join(folder, "journal.ndjson"),
    lock: join(root, `${lab}.lock`),
  };
}

/** Makes the folders, readable by their owner only. @throws {SysError} */
export function makePlaces(places: LabPlaces): void {
  makeDir(join(places.folder, ".."), 0o700);
  makeDir(places.folder, 0o700);
}
