import { ipToBytes, macToBytes, parseIp, parseMac } from "../values/index.ts";
import { WireError, hostIsLittleEndian } from "../wire/index.ts";
import type { Value } from "./field.ts";

/** A type of `nft`'s: of a field, of a set's key, of a map's data. */
export type TypeName = keyof typeof dataTypes;

interface DataType {
  /** `enum datatypes` of nftables' datatype.h: kept with a set, so that `nft` knows how to show its elements. */
  readonly id: number;
  /** Bytes. */
  readonly size: number;
  readonly order: "network" | "host";
  readonly names?: Readonly<Record<string, number>>;
}

const dataTypes = {
  /** NFPROTO_* of linux/netfilter.h. */
  nf_proto: { id: 2, size: 1, order: "host", names: { ipv4: 2, ipv6: 10 } },
  ipv4_addr: { id: 7, size: 4, order: "network" },
  ipv6_addr: { id: 8, size: 16, order: "network" },
  ether_addr: { id: 9, size: 6, order: "network" },
  inet_proto: { id: 12, size: 1, order: "network", names: { icmp: 1, tcp: 6, udp: 17, "ipv6-icmp": 58, sctp: 132 } },
  inet_service: { id: 13, size: 2, order: "network" },
  mark: { id: 19, size: 4, order: "host" },
  /** NF_CT_STATE_BIT of linux/netfilter/nf_conntrack_common.h. */
  ct_state: {
    id: 26,
    size: 4,
    order: "host",
    names: { invalid: 1, established: 2, related: 4, new: 8, untracked: 64 },
  },
  /** IPS_* of the same. */
  ct_status: { id: 28, size: 4, order: "host", names: { "seen-reply": 2, assured: 4, snat: 16, dnat: 32 } },
  /** PACKET_* of linux/if_packet.h. */
  pkt_type: { id: 31, size: 1, order: "host", names: { host: 0, broadcast: 1, multicast: 2, other: 3 } },
  /** RTN_* of linux/rtnetlink.h. */
  fib_addrtype: { id: 38, size: 4, order: "host", names: { unicast: 1, local: 2, broadcast: 3, multicast: 5 } },
  ifname: { id: 41, size: 16, order: "host" },
} as const satisfies Readonly<Record<string, DataType>>;

export function dataType(name: TypeName): DataType {
  return dataTypes[name];
}

/** A value as it stands in a register. @throws {WireError} `bad-value` */
export function valueBytes(name: TypeName, value: Value): Uint8Array {
  const { size, order, names }: DataType = dataTypes[name];
  if (typeof value === "string") {
    if (name === "ipv4_addr" || name === "ipv6_addr") return ofSize(name, ipToBytes(parseIp(value)));
    if (name === "ether_addr") return macToBytes(parseMac(value));
    if (name === "ifname") return interfaceBytes(value, true);
  }
  const number = typeof value === "number" ? value : names?.[value];
  if (number === undefined || name === "ifname" || size > 4) {
    throw new WireError("bad-value", `${JSON.stringify(value)} is no ${name}`);
  }
  return numberBytes(number, size, order);
}

/** The name of an interface; what ends in `*` stands for all names that begin so. */
export function interfaceBytes(name: string, padded: boolean): Uint8Array {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length === 0 || bytes.length > 15) throw new WireError("bad-value", `${name} is no interface's name`);
  if (!padded) return bytes;
  const full = new Uint8Array(16);
  full.set(bytes);
  return full;
}

/** A number of `size` bytes (1, 2, 4). */
export function numberBytes(number: number, size: number, order: "network" | "host"): Uint8Array {
  const bytes = new Uint8Array(size);
  if (!Number.isInteger(number) || number < 0 || number >= 2 ** (8 * size)) {
    throw new WireError("overflow", `${number} does not fit ${size} bytes`);
  }
  for (let i = 0, rest = number; i < size; i++, rest = Math.floor(rest / 256)) {
    bytes[order === "host" && hostIsLittleEndian ? i : size - 1 - i] = rest % 256;
  }
  return bytes;
}

function ofSize(name: "ipv4_addr" | "ipv6_addr", bytes: Uint8Array): Uint8Array {
  if (bytes.length !== dataTypes[name].size)
    throw new WireError("bad-value", `an address of the other family is no ${name}`);
  return bytes;
}
