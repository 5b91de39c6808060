import { O, type Fd, lockRange, makeDirs, openFile } from "../../sys/index.ts";
import { CniError, codes } from "../error.ts";
import { CACHE_DIR } from "./places.ts";

/** How long one waits for another, in milliseconds, when nobody says otherwise. */
const PATIENCE = 60_000;
const FIRST_PAUSE = 2;
const LONGEST_PAUSE = 50;

/**
 * Byte 0 of the lock file is the gate: who works on a container goes through it, GC keeps it shut while it waits for its turn
 * and while it works, so that it is not kept waiting for ever. The containers have the bytes after it, by hash.
 */
const GATE = 0;
const FIRST = 1;
const CONTAINERS = 2 ** 40;

/**
 * The right to work on one container, or on all at once for GC: there are no parallel operations on a container, and none
 * beside GC (SPEC "Lifecycle & Ordering"). Given back by dispose, or by the kernel when the process dies.
 */
export class RuntimeLock implements Disposable {
  readonly #fd: Fd;

  private constructor(fd: Fd) {
    this.#fd = fd;
  }

  /** @throws {CniError} 11 when others did not finish within `patience` milliseconds; the signal's reason when it is aborted while waiting */
  static async container(dir: string, id: string, patience = PATIENCE, signal?: AbortSignal): Promise<RuntimeLock> {
    const place = FIRST + Number(BigInt.asUintN(40, Bun.hash.wyhash(id)));
    const attempt = (fd: Fd): boolean => {
      signal?.throwIfAborted();
      if (!lockRange(fd, "shared", GATE, 1)) return false;
      const has = lockRange(fd, "exclusive", place, 1);
      lockRange(fd, "none", GATE, 1);
      return has;
    };
    return take(dir, `container ${id}`, patience, attempt);
  }

  /** @throws {CniError} 11 */
  static async all(dir: string, patience = PATIENCE): Promise<RuntimeLock> {
    return take(
      dir,
      "all containers",
      patience,
      (fd) => lockRange(fd, "exclusive", GATE, 1) && lockRange(fd, "exclusive", FIRST, CONTAINERS),
    );
  }

  [Symbol.dispose](): void {
    this.#fd.close();
  }

  /** @internal */
  static of(fd: Fd): RuntimeLock {
    return new RuntimeLock(fd);
  }
}

async function take(dir: string, what: string, patience: number, attempt: (fd: Fd) => boolean): Promise<RuntimeLock> {
  const path = `${dir}/netloom.lock`;
  const fd = open(dir, path);
  const until = performance.now() + patience;
  try {
    for (let pause = FIRST_PAUSE; !attempt(fd); pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      if (performance.now() >= until) {
        throw new CniError(
          codes.tryAgain,
          `cannot work on ${what}: another netloom has not finished with it`,
          `${path} is locked; who has it: lslocks, or fuser ${path}`,
        );
      }
      await Bun.sleep(pause);
    }
    return RuntimeLock.of(fd);
  } catch (error) {
    fd.close();
    throw error;
  }
}

/** The folder is libcni's; what is in it stays for the next time. */
function open(dir: string, path: string): Fd {
  try {
    makeDirs(dir);
    return openFile(path, O.RDWR | O.CREAT, 0o600);
  } catch (error) {
    throw new CniError(
      codes.storage,
      `make the lock file ${path}: ${error instanceof Error ? error.message : String(error)}`,
      dir === CACHE_DIR ? "run it as root, or on a file system that can be written" : undefined,
      { cause: error },
    );
  }
}
