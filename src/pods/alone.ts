import { type Fd, O, lockFile, tryOpenFile } from "../sys/index.ts";

/** A folder that is there: nothing is made for the lock, and nothing stays of it. */
const WHERE = "/run";

let held: { readonly fd: Fd; users: number } | undefined;

/**
 * One process at a time looks at this node and changes it: what a command has found is so until it is done, and what it undoes is no
 * other's. Waits for others; within a process there is one lock for all. It ends with the process.
 */
export function holdNode(): Disposable {
  if (held === undefined) {
    const fd = tryOpenFile(WHERE, O.RDONLY | O.DIRECTORY);
    if (fd === undefined) return { [Symbol.dispose]: () => {} };
    lockFile(fd, true);
    held = { fd, users: 0 };
  }
  const own = held;
  own.users++;
  return {
    [Symbol.dispose]: () => {
      if (--own.users > 0) return;
      own.fd.close();
      held = undefined;
    },
  };
}
