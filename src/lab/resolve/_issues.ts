import { issueAt, LabFileError, printPath } from "../file/index.ts";
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
    const written = paths.find((path) => this.#lab.places.has(printPath(path))) ?? paths[0] ?? [];
    this.add(written, message, hint);
  }

  get any(): boolean {
    return this.#found.length > 0;
  }

  /** Throws {@link LabFileError} `lab` if anything was added. */
  settle(): void {
    if (this.any) throw new LabFileError("lab", this.#found);
  }
}
