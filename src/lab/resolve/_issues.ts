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

  get any(): boolean {
    return this.#found.length > 0;
  }

  get all(): readonly LabIssue[] {
    return this.#found;
  }

  /** Throws {@link LabFileError} `lab` if anything was added. */
  settle(): void {
    if (this.any) throw new LabFileError("lab", this.#found);
  }
}
