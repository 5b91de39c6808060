import { AF, type Fd, type NsFd, SO, SOCK, SOL, inside, openSocket, setOption, setOptionBytes } from "../sys/index.ts";
import type { Family } from "../values/index.ts";

const IPPROTO_ICMP = 1;
const IPPROTO_ICMPV6 = 58;
/** linux/icmp.h: option of SOL_RAW (255), a bit per type that is *not* wanted. */
const SOL_RAW = 255;
const ICMP_FILTER = 1;
/** linux/icmpv6.h and RFC 3542 §3.2: option of IPPROTO_ICMPV6, a bit per type that is *not* wanted. */
const ICMP6_FILTER = 1;
/** Room for what piles up while others are served. */
const RECEIVE_BYTES = 1024 * 1024;

/**
 * A raw ICMP socket in `netns` that hears the messages of some types only: the kernel drops everything else before it costs
 * anything. @throws {SysError} EPERM without CAP_NET_RAW there, EAFNOSUPPORT without that family
 */
export function openIcmp(netns: NsFd, family: Family, types: readonly number[]): Fd {
  const fd = inside(netns, () =>
    family === 4
      ? openSocket("open a raw ICMP socket", AF.INET, SOCK.RAW, IPPROTO_ICMP)
      : openSocket("open a raw ICMPv6 socket", AF.INET6, SOCK.RAW, IPPROTO_ICMPV6),
  );
  try {
    setOption(fd, SOL.SOCKET, SO.RCVBUF, RECEIVE_BYTES);
    if (family === 4) setOption(fd, SOL_RAW, ICMP_FILTER, ~bits(types));
    else setOptionBytes(fd, IPPROTO_ICMPV6, ICMP6_FILTER, filter6(types));
    return fd;
  } catch (error) {
    fd.close();
    throw error;
  }
}

function bits(types: readonly number[]): number {
  return types.reduce((set, type) => set | (1 << type), 0);
}

function filter6(types: readonly number[]): Uint8Array {
  const filter = new Int32Array(8).fill(-1);
  for (const type of types) filter[type >> 5] = (filter[type >> 5] ?? -1) & ~(1 << (type & 31));
  return new Uint8Array(filter.buffer);
}
