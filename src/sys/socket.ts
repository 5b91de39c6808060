import { E, SysError } from "./errno.ts";
import { Fd } from "./fd.ts";
import { attempt, syscall } from "./libc.ts";

const SOCK_CLOEXEC = 0o2000000;

/** Address families and socket types of linux/socket.h. */
export const AF = { UNIX: 1, INET: 2, INET6: 10, NETLINK: 16 } as const;
export const SOCK = { STREAM: 1, DGRAM: 2, RAW: 3 } as const;
/** Levels of options, and those of asm-generic/socket.h; the sizes of buffers are in bytes, `…FORCE` passes over the system's limit. */
export const SOL = { SOCKET: 1, NETLINK: 270 } as const;
export const SO = { SNDBUF: 7, RCVBUF: 8, SNDBUFFORCE: 32, RCVBUFFORCE: 33 } as const;

/** Opens a socket in the calling thread's network namespace; it keeps that namespace for life. @throws {SysError} */
export function openSocket(doing: string, family: number, type: number, protocol: number): Fd {
  return new Fd(syscall(doing, "socket", family, type | SOCK_CLOEXEC, protocol));
}

/** Sets an integer option. @throws {SysError} */
export function setOption(fd: Fd, level: number, option: number, value: number): void {
  const bytes = new Uint8Array(new Int32Array([value]).buffer);
  setOptionBytes(fd, level, option, bytes);
}

/** Sets an option that is a structure. @throws {SysError} */
export function setOptionBytes(fd: Fd, level: number, option: number, value: Uint8Array): void {
  syscall(`set socket option ${level}/${option}`, "setsockopt", fd.number, level, option, value, value.length);
}

/** Binds to a raw `sockaddr`. @throws {SysError} */
export function bindTo(doing: string, fd: Fd, address: Uint8Array): void {
  syscall(doing, "bind", fd.number, address, address.length);
}

/** Sends; `to` is a raw `sockaddr`. Returns 0 or minus errno: refusals are answers here (`EMSGSIZE`, `ENETUNREACH`). */
export function send(fd: Fd, bytes: Uint8Array, to?: Uint8Array): number {
  for (;;) {
    const sent = attempt("sendto", fd.number, bytes, bytes.length, 0, to ?? 0, to?.length ?? 0);
    if (sent >= 0) return 0;
    if (-sent !== E.EINTR) return sent;
  }
}

const MSG_DONTWAIT = 0x40;
const MSG_TRUNC = 0x20;

/**
 * Receives one datagram into `into`: its full length (also when it did not fit), or `undefined` when none is there
 * and `wait` is false. @throws {SysError} ENOBUFS after an overrun
 */
export function receive(fd: Fd, into: Uint8Array, wait: boolean): number | undefined {
  for (;;) {
    const count = attempt("recvfrom", fd.number, into, into.length, (wait ? 0 : MSG_DONTWAIT) | MSG_TRUNC, 0, 0);
    if (count >= 0) return count;
    if (-count === E.EAGAIN) return undefined;
    if (-count !== E.EINTR) throw new SysError("recvfrom", -count, "receive from a socket");
  }
}

const POLLIN = 1;

/** Waits until one of the descriptors can be read, at most `timeoutMs`. Returns the indexes that can. */
export function poll(fds: readonly Fd[], timeoutMs: number): number[] {
  const set = new Uint8Array(fds.length * 8);
  const view = new DataView(set.buffer);
  fds.forEach((fd, i) => {
    view.setInt32(i * 8, fd.number, true);
    view.setInt16(i * 8 + 4, POLLIN, true);
  });
  const timeout = new BigInt64Array([
    BigInt(Math.floor(timeoutMs / 1000)),
    BigInt(Math.floor((timeoutMs % 1000) * 1e6)),
  ]);
  const count = attempt("ppoll", set, fds.length, new Uint8Array(timeout.buffer), 0, 0);
  if (count < 0 && -count !== E.EINTR) throw new SysError("ppoll", -count, "wait for sockets");
  if (count <= 0) return [];
  return fds.flatMap((_, i) => (view.getInt16(i * 8 + 6, true) === 0 ? [] : [i]));
}

/** Requests of linux/sockios.h; `struct ifreq` of linux/if.h: 16 bytes of name, then the number. */
const SIOCGIFNAME = 0x8910;
const SIOCGIFINDEX = 0x8933;
const IFREQ = 40;
const IFNAMSIZ = 16;

/** Number of the network device of that name in the socket's namespace, if there is one. @throws {SysError} */
export function interfaceIndex(fd: Fd, name: string): number | undefined {
  const ifreq = new Uint8Array(IFREQ);
  const { written, read } = new TextEncoder().encodeInto(name, ifreq.subarray(0, IFNAMSIZ - 1));
  if (read < name.length || written === 0) return undefined;
  const result = attempt("ioctl", fd.number, SIOCGIFINDEX, ifreq);
  if (result >= 0) return new DataView(ifreq.buffer).getInt32(IFNAMSIZ, true);
  if (-result === E.ENODEV) return undefined;
  throw new SysError("ioctl", -result, `find network device ${name}`);
}

/** Name of the network device of that number in the socket's namespace, if there is one. @throws {SysError} */
export function interfaceName(fd: Fd, index: number): string | undefined {
  const ifreq = new Uint8Array(IFREQ);
  new DataView(ifreq.buffer).setInt32(IFNAMSIZ, index, true);
  const result = attempt("ioctl", fd.number, SIOCGIFNAME, ifreq);
  if (result >= 0) return new TextDecoder().decode(ifreq.subarray(0, ifreq.indexOf(0)));
  if (-result === E.ENODEV) return undefined;
  throw new SysError("ioctl", -result, `find network device ${index}`);
}

/** SIOCOUTQ of linux/sockios.h, TIOCOUTQ of asm-generic/ioctls.h. */
const SIOCOUTQ = 0x5411;

/** Bytes of memory that hold what was sent and has not left yet, because its neighbour is being looked for, say. @throws {SysError} */
export function unsent(fd: Fd): number {
  const count = new Int32Array(1);
  syscall("look at what was sent", "ioctl", fd.number, SIOCOUTQ, new Uint8Array(count.buffer));
  return count[0] ?? 0;
}

const F_DUPFD_CLOEXEC = 1030;

/** A second descriptor of the same open socket, close-on-exec; whoever gets the number closes it. @throws {SysError} EMFILE */
export function duplicate(fd: Fd): number {
  return syscall("duplicate a socket", "fcntl", fd.number, F_DUPFD_CLOEXEC, 0);
}
