import { type Op, opToText } from "../change/index.ts";
import { O, fsync, openFile, readSmall, removeFile, writeAll } from "../sys/index.ts";
import type { LabPlaces } from "./places.ts";

/**
 * Writes down what is about to be done, on the disk before the first op runs. A process that dies leaves it behind: the
 * namespaces it names are ours, also those that were made but not yet recorded anywhere else.
 * @throws {SysError} ENOSPC and the like: nothing was done yet
 */
export function beginJournal(places: LabPlaces, ops: readonly Op[]): void {
  const text = ops.map((op) => `${opToText(op)}\n`).join("");
  using fd = openFile(places.journal, O.WRONLY | O.CREAT | O.TRUNC, 0o600);
  writeAll(fd, new TextEncoder().encode(text), `write the journal ${places.journal}`);
  fsync(fd, `write the journal ${places.journal}`);
}

/** All that was journalled is done or undone. */
export function endJournal(places: LabPlaces): void {
  removeFile(places.journal);
}

/** Was the last change left in the middle? */
export function journalIsOpen(places: LabPlaces): boolean {
  return readSmall(places.journal) !== undefined;
}
