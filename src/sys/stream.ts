import { SysError, errnoName } from "./errno.ts";
import { attempt, syscall } from "./libc.ts";

/**
 * All that an open descriptor gives until its end, as text; `undefined` when that is more than `limit` bytes. Waits, also where
 * the descriptor does not; with a `patienceMs`, what has come is all when nothing more comes for so long.
 * @throws {SysError} EBADF, EISDIR
 */
export function readToEnd(number: number, limit: number, doing: string, patienceMs?: number): string | undefined {
  let bytes = new Uint8Array(16384);
  let length = 0;
  for (;;) {
    if (patienceMs !== undefined && !isReady(number, patienceMs, doing)) {
      return new TextDecoder().decode(bytes.subarray(0, length));
    }
    const count = waiting(number, POLLIN, doing, () =>
      attempt("read", number, bytes.subarray(length), bytes.length - length),
    );
    if (count === 0) return new TextDecoder().decode(bytes.subarray(0, length));
    length += count;
    if (length > limit) return undefined;
    if (length < bytes.length) continue;
    const larger = new Uint8Array(bytes.length * 4);
    larger.set(bytes);
    bytes = larger;
  }
}

/** Writes all of a text to an open descriptor. Waits, also where the descriptor does not. @throws {SysError} EPIPE, ENOSPC */
export function writeText(number: number, text: string, doing: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) {
    at += waiting(number, POLLOUT, doing, () => attempt("write", number, bytes.subarray(at), bytes.length - at));
  }
}

const POLLIN = 1;
const POLLOUT = 4;

/** The call's result; again after a signal, and when a descriptor that does not wait is ready. */
function waiting(number: number, event: number, doing: string, call: () => number): number {
  for (;;) {
    const result = call();
    if (result >= 0) return result;
    const name = errnoName(-result);
    if (name === "EAGAIN") syscall(doing, "ppoll", pollfd(number, event), 1, 0, 0, 0);
    else if (name !== "EINTR") throw new SysError(event === POLLIN ? "read" : "write", -result, doing);
  }
}

/** Whether reading does not wait, now or within the time; so also at the end of what there is to read. */
function isReady(number: number, patienceMs: number, doing: string): boolean {
  const timeout = new BigInt64Array([BigInt(Math.floor(patienceMs / 1000)), BigInt((patienceMs % 1000) * 1e6)]);
  return syscall(doing, "ppoll", pollfd(number, POLLIN), 1, new Uint8Array(timeout.buffer), 0, 0) > 0;
}

/** struct pollfd of poll.h. */
function pollfd(number: number, event: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, number, true);
  view.setInt16(4, event, true);
  return bytes;
}
