import { O, openFile } from "./file.ts";
import { syscall } from "./libc.ts";

/** Requests of linux/if_tun.h. */
const TUNSETIFF = 0x400454ca;
const TUNSETPERSIST = 0x400454cb;
const TUNSETOWNER = 0x400454cc;
const TUNSETGROUP = 0x400454ce;
const IFF = { tun: 0x1, tap: 0x2, multiQueue: 0x100, noPacketInfo: 0x1000, vnetHdr: 0x4000 } as const;
/** `struct ifreq` of linux/if.h: the name, then the flags. */
const IFREQ = 40;
const IFNAMSIZ = 16;

/** A device whose other end is a program: packets (`tun`) or frames (`tap`). */
export interface Tun {
  readonly name: string;
  readonly mode: "tun" | "tap";
  /** Four bytes before each packet tell its protocol. */
  readonly packetInfo?: boolean;
  readonly vnetHdr?: boolean;
  readonly multiQueue?: boolean;
  /** User and group that may open it. */
  readonly owner?: number;
  readonly group?: number;
}

/** Makes a persistent device in the calling thread's network namespace. @throws {SysError} EBUSY if the name is taken, ENOENT without tun */
export function makeTun({ name, mode, packetInfo, vnetHdr, multiQueue, owner, group }: Tun): void {
  using fd = openFile("/dev/net/tun", O.RDWR);
  const request = new Uint8Array(IFREQ);
  request.set(new TextEncoder().encode(name).subarray(0, IFNAMSIZ - 1));
  const flags =
    IFF[mode] |
    (packetInfo === true ? 0 : IFF.noPacketInfo) |
    (vnetHdr === true ? IFF.vnetHdr : 0) |
    (multiQueue === true ? IFF.multiQueue : 0);
  new DataView(request.buffer).setUint16(IFNAMSIZ, flags, true);
  const doing = `make ${mode} device ${name}`;
  syscall(doing, "ioctl", fd.number, TUNSETIFF, request);
  if (owner !== undefined) syscall(doing, "ioctl", fd.number, TUNSETOWNER, owner);
  if (group !== undefined) syscall(doing, "ioctl", fd.number, TUNSETGROUP, group);
  syscall(doing, "ioctl", fd.number, TUNSETPERSIST, 1);
}
