export { Bytes, Writer, hostIsLittleEndian } from "./bytes.ts";
export { type AnyCodec, type Codec, type GetOf, type Part, type SetOf, checkSize, mapped } from "./codec.ts";
export { WireError } from "./error.ts";
export {
  type AttrsCodec,
  type Dependent,
  type GetAttrs,
  NESTED,
  NET_BYTEORDER,
  type SetAttrs,
  type Table,
  type UnknownAttr,
  attrs,
  decode,
  dependent,
  forEachAttr,
  putAttr,
} from "./attrs.ts";
export { packed, pad, pair, struct } from "./composites.ts";
export { list } from "./list.ts";
export { type DumpLine, explainAttrs, formatDump, hex, pathAt, show } from "./explain.ts";
export {
  be16,
  be32,
  be64,
  bool8,
  choice,
  cstr,
  flag,
  ip,
  ip4,
  ip6,
  mac,
  raw,
  s32,
  u16,
  u32,
  u64,
  u8,
  uint,
} from "./scalars.ts";
