import { type Bytes, WireError, type Writer, attrs, cstr, decode, pathAt, u32 } from "../wire/index.ts";
import { type Refusal, whileDoing } from "./error.ts";
import { type AnyMessageKind, NLM_F, type Request } from "./request.ts";

/** `struct nlmsghdr` (linux/netlink.h): length 4, type 2, flags 2, sequence 4, port 4. */
export const HEADER = 16;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
/** `struct nlmsgerr`: an errno and the header of the request. */
const ERROR_SIZE = HEADER + 4 + HEADER;
const NLM_F_CAPPED = 0x100;
const NLM_F_ACK_TLVS = 0x200;

/** Appends one request to a writer; returns where it begins. @throws {WireError} with what is done and the attribute's path */
export function putRequest(writer: Writer, asked: Request, sequence: number, flags: number): number {
  const start = writer.length;
  writer.u32(0);
  writer.u16(asked.kind.type);
  writer.u16(NLM_F.REQUEST | asked.flags | flags);
  writer.u32(sequence);
  writer.u32(0);
  try {
    asked.kind.header.put(writer, asked.header);
    writer.align4();
    asked.kind.attrs.put(writer, asked.attrs);
  } catch (error) {
    throw whileDoing(asked.doing, error);
  }
  writer.patchLength32(start, writer.length - start);
  return start;
}

/** One message of an answer. */
export type Message =
  | {
      readonly what: "data";
      readonly sequence: number;
      readonly flags: number;
      readonly type: number;
      readonly from: number;
      readonly to: number;
    }
  | { readonly what: "done"; readonly sequence: number; readonly flags: number; readonly refusal: Refusal | undefined }
  | { readonly what: "ack"; readonly sequence: number; readonly flags: number; readonly refusal: Refusal | undefined };

/**
 * Splits a received datagram into its messages. `requestOf` finds the bytes that an error points into.
 * @throws {WireError} `short` for a message that is cut off: its reader would wait for the rest, which never comes
 */
export function messages(
  bytes: Bytes,
  length: number,
  requestOf: (sequence: number) => Uint8Array | undefined,
  asked: (sequence: number) => Request | undefined,
): readonly Message[] {
  const found: Message[] = [];
  let at = 0;
  while (length - at >= HEADER) {
    const size = bytes.u32(at);
    const type = bytes.u16(at + 4);
    const least = type === NLMSG_ERROR ? ERROR_SIZE : HEADER;
    if (size < least || at + size > length) {
      throw new WireError("short", `a message of type ${type} claims ${size} bytes, ${length - at} are left`, [], at);
    }
    const flags = bytes.u16(at + 6);
    const sequence = bytes.u32(at + 8);
    if (type === NLMSG_ERROR) {
      const refusal = readError(bytes, at, size, flags, requestOf(sequence), asked(sequence));
      found.push({ what: "ack", sequence, flags, refusal });
    } else if (type === NLMSG_DONE) {
      const code = size >= HEADER + 4 ? bytes.s32(at + HEADER) : 0;
      const refusal =
        code < 0 ? { errno: -code, ...extended(bytes, at + HEADER + 4, at + size, undefined, undefined) } : undefined;
      found.push({ what: "done", sequence, flags, refusal });
    } else {
      found.push({ what: "data", sequence, flags, type, from: at + HEADER, to: at + size });
    }
    at += (size + 3) & ~3;
  }
  return found;
}

/** The family header that a payload in `[from, to)` begins with. @throws {WireError} `short` */
export function familyHeader({ name, header }: AnyMessageKind, bytes: Bytes, from: number, to: number): unknown {
  if (to - from >= header.size) return header.get(bytes, from, from + header.size) as unknown;
  throw new WireError("short", `${name} has a header of ${header.size} bytes, ${to - from} are left`, [], from);
}

/** Where the attributes of a message begin, whose payload begins at `from` (NLMSG_ALIGN of linux/netlink.h). */
export function attrsFrom({ header: { size } }: AnyMessageKind, from: number): number {
  return from + ((size + 3) & ~3);
}

/** Attributes of an extended ack (`enum nlmsgerr_attrs`). */
const ackAttrs = attrs(() => ({
  message: [1, cstr],
  offset: [2, u32],
  missingType: [5, u32],
  missingNest: [6, u32],
  policy: [4, attrs({ type: [1, u32] })],
}));

function readError(
  bytes: Bytes,
  at: number,
  size: number,
  flags: number,
  sent: Uint8Array | undefined,
  asked: Request | undefined,
): Refusal | undefined {
  const code = bytes.s32(at + HEADER);
  if (code === 0) return undefined;
  // The request's header follows the code, and its payload too unless the kernel capped it.
  const echoed = flags & NLM_F_CAPPED ? HEADER : (bytes.u32(at + HEADER + 4) + 3) & ~3;
  const from = at + HEADER + 4 + echoed;
  return { errno: -code, ...(flags & NLM_F_ACK_TLVS ? extended(bytes, from, at + size, sent, asked) : {}) };
}

function extended(
  bytes: Bytes,
  from: number,
  to: number,
  sent: Uint8Array | undefined,
  asked: Request | undefined,
): Omit<Refusal, "errno"> {
  if (from >= to) return {};
  const { message, offset, missingType } = decode(ackAttrs, bytes.u8.slice(from, to));
  const path =
    offset === undefined || sent === undefined || asked === undefined
      ? []
      : pathAt(asked.kind.attrs, sent, attrsFrom(asked.kind, HEADER), offset);
  return {
    ...(message === undefined || message === "" ? {} : { sentence: message }),
    ...(path.length === 0 ? {} : { path: path.join(".") }),
    ...(missingType === undefined ? {} : { missing: missingType }),
  };
}
