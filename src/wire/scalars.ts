import { type Ip, type Mac, ipFromBytes, ipToBytes, macFromBytes, macToBytes } from "../values/index.ts";
import { type Codec, mapped } from "./codec.ts";
import { WireError } from "./error.ts";

export const u8: Codec<number> = {
  name: "u8",
  size: 1,
  get: (bytes, start) => bytes.view.getUint8(start),
  put: (writer, value) => writer.u8(value),
};

export const u16: Codec<number> = {
  name: "u16",
  size: 2,
  get: (bytes, start) => bytes.u16(start),
  put: (writer, value) => writer.u16(value),
};

export const u32: Codec<number> = {
  name: "u32",
  size: 4,
  get: (bytes, start) => bytes.u32(start),
  put: (writer, value) => writer.u32(value),
};

export const s32: Codec<number> = {
  name: "s32",
  size: 4,
  get: (bytes, start) => bytes.s32(start),
  put: (writer, value) => writer.s32(value),
};

/** A kernel u64 is a bigint, always. */
export const u64: Codec<bigint> = {
  name: "u64",
  size: 8,
  get: (bytes, start) => bytes.u64(start),
  put: (writer, value) => writer.u64(value),
};

export const be16: Codec<number> = {
  name: "be16",
  size: 2,
  get: (bytes, start) => bytes.view.getUint16(start, false),
  put: (writer, value) => writer.be16(value),
};

export const be32: Codec<number> = {
  name: "be32",
  size: 4,
  get: (bytes, start) => bytes.view.getUint32(start, false),
  put: (writer, value) => writer.be32(value),
};

export const be64: Codec<bigint> = {
  name: "be64",
  size: 8,
  get: (bytes, start) => bytes.view.getBigUint64(start, false),
  put(writer, value) {
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn)
      throw new WireError("overflow", `${value} is not an unsigned 64-bit integer`);
    writer.be32(Number(value >> 32n));
    writer.be32(Number(value & 0xffff_ffffn));
  },
};

/** NLA_UINT: four bytes, or eight where four are too few. */
export const uint: Codec<bigint> = {
  name: "uint",
  get(bytes, start, end) {
    if (end - start === 4) return BigInt(bytes.u32(start));
    if (end - start === 8) return bytes.u64(start);
    throw new WireError("bad-value", `an unsigned integer has 4 or 8 bytes, got ${end - start}`, [], start);
  },
  put: (writer, value) => (value > 0xffff_ffffn ? writer.u64(value) : writer.u32(Number(value))),
};

/** A truth value in one byte: any non-zero byte reads as true. */
export const bool8: Codec<boolean> = mapped(
  "bool8",
  u8,
  (n) => n !== 0,
  (on: boolean) => (on ? 1 : 0),
);

/** NLA_FLAG: true by being there, without payload. */
export const flag: Codec<boolean> = {
  name: "flag",
  size: 0,
  presence: true,
  get: () => true,
  put: () => undefined,
};

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

/** A NUL-terminated string. The kernel sometimes leaves the NUL out; both read alike. */
export const cstr: Codec<string> = {
  name: "cstr",
  get(bytes, start, end) {
    let stop = start;
    while (stop < end && bytes.u8[stop] !== 0) stop++;
    return fromUtf8.decode(bytes.u8.subarray(start, stop));
  },
  put(writer, value) {
    if (value.includes("\0")) throw new WireError("bad-value", "a string on the wire cannot contain NUL");
    writer.raw(utf8.encode(value));
    writer.u8(0);
  },
};

/** Any bytes, copied out of the receive buffer. */
export const raw: Codec<Uint8Array> = {
  name: "bytes",
  get: (bytes, start, end) => bytes.u8.slice(start, end),
  put: (writer, value) => writer.raw(value),
};

function address(name: string, size: 4 | 16): Codec<Ip> {
  return {
    name,
    size,
    get: (bytes, start, end) => ipFromBytes(bytes.u8.subarray(start, end)),
    put(writer, value) {
      const octets = ipToBytes(value);
      if (octets.length !== size) {
        throw new WireError("bad-value", `${value} is not an ${size === 4 ? "IPv4" : "IPv6"} address`);
      }
      writer.raw(octets);
    },
  };
}

export const ip4: Codec<Ip> = address("ip4", 4);
export const ip6: Codec<Ip> = address("ip6", 16);

/** An address of either family; its size tells which. */
export const ip: Codec<Ip> = {
  name: "ip",
  get(bytes, start, end) {
    const size = end - start;
    if (size !== 4 && size !== 16)
      throw new WireError("bad-value", `an address has 4 or 16 bytes, got ${size}`, [], start);
    return ipFromBytes(bytes.u8.subarray(start, end));
  },
  put: (writer, value) => writer.raw(ipToBytes(value)),
};

export const mac: Codec<Mac> = {
  name: "mac",
  size: 6,
  get: (bytes, start, end) => macFromBytes(bytes.u8.subarray(start, end)),
  put: (writer, value) => writer.raw(macToBytes(value)),
};

/** A closed set of names for numbers; a number without a name is kept as it is, so that newer kernels survive. */
export function choice<const T extends Readonly<Record<string, number>>>(
  inner: Codec<number>,
  names: T,
): Codec<(keyof T & string) | number, (keyof T & string) | number> {
  let byNumber: Map<number, keyof T & string> | undefined;
  const nameOf = (n: number): (keyof T & string) | undefined => {
    byNumber ??= new Map(Object.entries(names).map(([name, number]) => [number, name as keyof T & string]));
    return byNumber.get(n);
  };
  return mapped(
    inner.name,
    inner,
    (n) => nameOf(n) ?? n,
    (value: (keyof T & string) | number) => {
      if (typeof value === "number") return value;
      const n = names[value];
      if (n === undefined) throw new WireError("bad-value", `${value} is none of ${Object.keys(names).join(", ")}`);
      return n;
    },
  );
}
