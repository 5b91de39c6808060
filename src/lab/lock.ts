import { dirname } from "node:path";
import {
  O,
  SysError,
  identity,
  identityOfFd,
  lockFile,
  makeDir,
  openFile,
  readSmall,
  removeEmptyFolder,
  removeFile,
  writeAll,
} from "../sys/index.ts";
import type { Fd } from "../sys/index.ts";
import { LabError } from "./error.ts";
import { isOwnRoot } from "./places.ts";

const POLL_MS = 50;

/** The exclusive right to change one lab; given back by dispose, or by the kernel when the process dies. */
export class LabLock implements Disposable {
  readonly #fd: Fd;
  readonly #path: string;

  private constructor(fd: Fd, path: string) {
    this.#fd = fd;
    this.#path = path;
  }

  /**
   * Takes the lock, waiting at most `waitMs` for another netloom to finish.
   * @throws {LabError} `locked`, naming the process that has it
   */
  static async take(lab: string, path: string, waitMs = 0): Promise<LabLock> {
    const until = performance.now() + waitMs;
    for (;;) {
      const fd = openLock(path);
      if (lockFile(fd, false)) {
        if (!stillThere(path, fd)) {
          // Its holder removed it between our open and our lock: the next open makes a new one.
          fd.close();
          continue;
        }
        nameHolder(fd, path);
        return new LabLock(fd, path);
      }
      fd.close();
      if (performance.now() >= until) {
        const holder = readSmall(path)?.trim() || "unknown";
        throw new LabError(
          "locked",
          `lab ${lab} is being changed by another netloom (process ${holder}); wait for it, or use --wait 30s`,
        );
      }
      await Bun.sleep(POLL_MS);
    }
  }

  [Symbol.dispose](): void {
    removeFile(this.#path);
    this.#fd.close();
    // After the last lab nothing is left of netloom; a folder that was given stays.
    if (isOwnRoot()) removeEmptyFolder(dirname(this.#path));
  }
}

/** The folder may have gone with another lab's lock, also between the two steps. */
function openLock(path: string): Fd {
  if (isOwnRoot()) makeDir(dirname(path), 0o700);
  try {
    return openFile(path, O.RDWR | O.CREAT, 0o600);
  } catch (error) {
    if (error instanceof SysError && error.code === "ENOENT" && isOwnRoot()) return openLock(path);
    throw error;
  }
}

/** Who has it, for those who find it locked; the lock holds without it, so a full disk does not matter. */
function nameHolder(fd: Fd, path: string): void {
  try {
    writeAll(fd, new TextEncoder().encode(`${process.pid}\n`.padEnd(16)), `write ${path}`);
  } catch (error) {
    if (!(error instanceof SysError && (error.code === "ENOSPC" || error.code === "EDQUOT"))) throw error;
  }
}

function stillThere(path: string, fd: Fd): boolean {
  return identity(path) === identityOfFd(fd);
}
