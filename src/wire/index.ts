export { Bytes, Writer, hostIsLittleEndian } from "./bytes.ts";
export { type AnyCodec, type Codec, type GetOf, type SetOf, checkSize, mapped } from "./codec.ts";
export { WireError } from "./error.ts";
export {
  type AttrsCodec,
  type GetAttrs,
  NESTED,
  NET_BYTEORDER,
  type SetAttrs,
  type Table,
  type UnknownAttr,
  attrs,
  decode,
  forEachAttr,
  list,
  putAttr,
} from "./attrs.ts";
export { lazy, packed, pad, pair, struct } from "./composites.ts";
export { type DumpLine, explainAttrs, formatDump, hex, pathAt, show } from "./explain.ts";
export { be16, be32, bool8, choice, cstr, flag, ip, ip4, ip6, mac, raw, s32, u16, u32, u64, u8 } from "./scalars.ts";
