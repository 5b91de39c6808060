/** What a node was before a command changed it, where the kernel does not know: files under /run, which a reboot empties as well. */
import { identity, makeDirs, readWhole, removeEmptyFolder, removeFile, listDir, replaceFile } from "../sys/index.ts";
import type { Job } from "./job.ts";

/** Beside the state of labs, whose names have no dots. */
const ROOT = "/run/netloom";
const OWN = `${ROOT}/host.pods`;

/** Nodes may be namespaces that share /run: each network namespace has a folder. */
function folder(): string {
  return `${OWN}/${identity("/proc/thread-self/ns/net")?.replaceAll(":", "-")}`;
}

const fileOf = (name: string): string => `${name}.json`;

/** Names of what is remembered. */
export function remembered(): readonly string[] {
  return listDir(folder()).flatMap((file) => (/^[^.].*\.json$/.test(file) ? [file.slice(0, -".json".length)] : []));
}

/** What was remembered by a name; `undefined` for nothing, or what nobody of us has written. */
export function recall<T extends object>(name: string): T | undefined {
  const text = readWhole(`${folder()}/${fileOf(name)}`);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Remembers something before it is changed, so that a process that is killed has told it; if the job is undone, what was
 * remembered before counts again. @throws {SysError}
 */
export function remember(job: Job, name: string, value: object): void {
  const before = recall(name);
  write(name, value);
  job.onUndo(() => (before === undefined ? forget(name) : write(name, before)));
}

function write(name: string, value: object): void {
  const own = folder();
  makeDirs(own, 0o755);
  replaceFile(own, fileOf(name), new TextEncoder().encode(JSON.stringify(value)), 0o644);
}

/** Nothing is left of it, nor of folders that have become empty. @throws {SysError} */
export function forget(name: string): void {
  const own = folder();
  removeFile(`${own}/${fileOf(name)}`);
  for (const path of [own, OWN, ROOT]) if (!removeEmptyFolder(path)) return;
}
