import { attempt } from "./libc.ts";

/** TIOCGWINSZ of asm-generic/ioctls.h; `struct winsize` is rows, columns and two more, 16 bits each. */
const TIOCGWINSZ = 0x5413;

/** Columns of the terminal that a descriptor is; 0 where it does not say, `undefined` where it is no terminal. */
export function terminalColumns(fd: number): number | undefined {
  const size = new Uint16Array(4);
  return attempt("ioctl", fd, TIOCGWINSZ, new Uint8Array(size.buffer)) < 0 ? undefined : size[1];
}
