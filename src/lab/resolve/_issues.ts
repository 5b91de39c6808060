import { issueAt, LabFileError } from "../file/index.ts";
import type { LabFile, LabIssue, Path } from "../file/index.ts";

/** Collects what is wrong, so that all of it is told at once. */
export class Issues {
  readonly #lab: LabFile;
  readonly #found: LabIssue[] = [];

  constructor(lab: LabFile) {
    this.#lab = lab;
  }

  add(path: Path, message: string, hint?: string): void {
    this.#found.push(issueAt(this.#lab.places, path, message, hint === undefined ? {} : { hint }));
  }

  /** At the first of the paths that the file has: what is left out there has a default, and the next is at fault. */
  addAtFirst(paths: readonly Path[], message: string, hint?: string): void {
    this.add(paths.find((path) => this.isWritten(path)) ?? paths[0] ?? [], message, hint);
  }

  /** Whether the file has it, or the object that stands for one. */
  isWritten(path: Path): boolean {
    return path.reduce<unknown>((value, part) => Reflect.get(Object(value), part), this.#lab.input) !== undefined;
  }

  get any(): boolean {
    return this.#found.length > 0;
  }

  /** Throws {@link LabFileError} `lab` if anything was added. */
  settle(): void {
    if (this.any) throw new LabFileError("lab", this.#found);
  }
}
