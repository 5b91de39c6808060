import { E, SysError } from "./errno.ts";
import type { Fd } from "./fd.ts";
import { addressOf, attempt } from "./libc.ts";

/** SIOCETHTOOL of linux/sockios.h; `struct ifreq` of linux/if.h: 16 bytes of name, then a pointer. */
const SIOCETHTOOL = 0x8946;
const IFREQ = 40;
const IFNAMSIZ = 16;
/** `struct ethtool_value` of linux/ethtool.h: the command, then the value. */
const ETHTOOL_GTXCSUM = 0x16;
const ETHTOOL_STXCSUM = 0x17;

/**
 * Whether checksums of what is sent are left to the device of that name in the socket's namespace: virtual ones leave them undone, for
 * the memory between them does no harm. `undefined` where there is no such device, or it cannot tell. @throws {SysError}
 */
export function txChecksum(socket: Fd, name: string): boolean | undefined {
  const [result, value] = ethtool(socket, name, ETHTOOL_GTXCSUM, 0);
  if (result >= 0) return value !== 0;
  if (-result === E.ENODEV || -result === E.EOPNOTSUPP) return undefined;
  throw new SysError("ioctl", -result, `ask how ${name} makes checksums`);
}

/** Leaves checksums to the device, or makes them before it gets the packet. @throws {SysError} ENODEV, EPERM, EOPNOTSUPP */
export function setTxChecksum(socket: Fd, name: string, on: boolean): void {
  const [result] = ethtool(socket, name, ETHTOOL_STXCSUM, on ? 1 : 0);
  if (result < 0) throw new SysError("ioctl", -result, `${on ? "leave" : "do not leave"} checksums to ${name}`);
}

function ethtool(socket: Fd, name: string, command: number, data: number): [result: number, value: number] {
  const value = new Uint32Array([command, data]);
  const request = new Uint8Array(IFREQ);
  request.set(new TextEncoder().encode(name).subarray(0, IFNAMSIZ - 1));
  new DataView(request.buffer).setBigUint64(IFNAMSIZ, BigInt(addressOf(new Uint8Array(value.buffer))), true);
  const result = attempt("ioctl", socket.number, SIOCETHTOOL, request);
  return [result, value[1] ?? 0];
}
