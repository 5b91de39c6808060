import { E, SysError } from "./errno.ts";
import type { Fd } from "./fd.ts";
import { O, openFile } from "./file.ts";
import { attempt, syscall } from "./libc.ts";
import { AF, SOCK, openSocket, poll } from "./socket.ts";

/** `struct sockaddr_un` of linux/un.h: two bytes of family, then the path with its NUL. */
const PATH_MAX = 108;

/** Connects to the socket at a path of any length. @throws {SysError} ENOENT, ECONNREFUSED where nobody listens */
export function connectTo(path: string): Fd {
  const doing = `connect to ${path}`;
  const socket = openSocket(doing, AF.UNIX, SOCK.STREAM, 0);
  try {
    const slash = path.lastIndexOf("/");
    if (Buffer.byteLength(path) < PATH_MAX) syscall(doing, "connect", socket.number, ...addressOf(path));
    else {
      // A path that is too long for the address is short as seen from its folder.
      using folder = openFile(path.slice(0, Math.max(slash, 1)), O.PATH | O.DIRECTORY);
      const short = `/proc/self/fd/${folder.number}/${path.slice(slash + 1)}`;
      syscall(doing, "connect", socket.number, ...addressOf(short));
    }
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

function addressOf(path: string): [Uint8Array, number] {
  const name = new TextEncoder().encode(path);
  const address = new Uint8Array(2 + name.length + 1);
  address[0] = AF.UNIX;
  address.set(name, 2);
  return [address, address.length];
}

/** Reads what is there, waiting at most `timeoutMs` for it: the bytes, 0 at the end, `undefined` when nothing came. @throws {SysError} */
export function readWithin(fd: Fd, into: Uint8Array, timeoutMs: number, doing: string): number | undefined {
  if (poll([fd], timeoutMs).length === 0) return undefined;
  for (;;) {
    const count = attempt("read", fd.number, into, into.length);
    if (count >= 0) return count;
    if (-count !== E.EINTR) throw new SysError("read", -count, doing);
  }
}
