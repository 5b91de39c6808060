import { isObject } from "../../cni/index.ts";
import { listDir, makeDirs, readWhole, removeFile, replaceFile } from "../../sys/index.ts";
import type { Lease } from "./lease.ts";
import { type Holder, noteName } from "./protocol.ts";

/** What a daemon must know to go on with a lease after it was killed. */
export interface Note {
  readonly holder: Holder;
  readonly netns: string;
  /** Device and inode of the namespace: the path may come to lead to another. */
  readonly netnsId: string;
  readonly provide: Readonly<Record<number, string>>;
  readonly request: readonly number[];
  readonly lease: Lease;
  /** Milliseconds since 1970. */
  readonly grantedAt: number;
}

/** @throws {SysError} */
export function writeNote(folder: string, note: Note): void {
  makeDirs(folder, 0o700);
  replaceFile(folder, noteName(note.holder), new TextEncoder().encode(`${JSON.stringify(note)}\n`));
}

/** @throws {SysError} */
export function removeNote(folder: string, holder: Holder): void {
  removeFile(`${folder}/${noteName(holder)}`);
}

/** All that can be read; what cannot, a program that died has left, or somebody else. @throws {SysError} */
export function readNotes(folder: string): readonly Note[] {
  return listDir(folder).flatMap((name) => {
    const note = name.endsWith(".json") ? parse(readWhole(`${folder}/${name}`) ?? "") : undefined;
    return note === undefined || noteName(note.holder) !== name ? [] : [note];
  });
}

function parse(text: string): Note | undefined {
  try {
    const note: unknown = JSON.parse(text);
    if (!isObject(note) || !isObject(note["holder"]) || !isObject(note["lease"])) return undefined;
    return note as unknown as Note;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
