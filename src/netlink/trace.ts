import { errnoName } from "../sys/index.ts";
import { Bytes, type DumpLine, explainAttrs, formatDump, show } from "../wire/index.ts";
import type { Refusal } from "./error.ts";
import { HEADER } from "./frame.ts";
import type { AnyMessageKind } from "./request.ts";

/** Told of every message that is sent and received. */
export interface Tracer {
  readonly request: (bytes: Uint8Array, doing: string) => void;
  readonly answer: (bytes: Uint8Array) => void;
  readonly ack: (refusal: Refusal | undefined) => void;
}

/** The tracer in force; absent costs one comparison per message. */
export let trace: Tracer | undefined;

/** Switches tracing on or off (`undefined`) for the whole program: `NETLOOM_TRACE=nl`. */
export function setTracer(tracer: Tracer | undefined): void {
  trace = tracer;
}

/** A tracer that writes annotated dumps, using `kinds` to name what is inside. */
export function textTracer(kinds: ReadonlyMap<number, AnyMessageKind>, write: (text: string) => void): Tracer {
  return {
    request: (bytes, doing) => write(`> ${doing}\n${explain(bytes, kinds)}\n`),
    answer: (bytes) => write(`<\n${explain(bytes, kinds)}\n`),
    ack: (refusal) =>
      write(
        refusal === undefined
          ? "< ok\n"
          : `< ${errnoName(refusal.errno)} ${refusal.sentence ?? ""} ${refusal.path ?? ""}\n`,
      ),
  };
}

/** One netlink message as an annotated dump: header, family header, attributes. Never throws. */
export function explain(message: Uint8Array, kinds: ReadonlyMap<number, AnyMessageKind>): string {
  const bytes = new Bytes(message);
  if (message.length < HEADER)
    return formatDump(
      [{ offset: 0, length: message.length, depth: 0, name: "malformed", value: "shorter than a header" }],
      message,
    );
  const type = bytes.u16(4);
  const kind = kinds.get(type);
  const size = kind?.header.size ?? 0;
  const from = HEADER + ((size + 3) & ~3);
  const lines: DumpLine[] = [
    {
      offset: 0,
      length: HEADER,
      depth: 0,
      name: kind?.name ?? `message ${type}`,
      value: `length ${bytes.u32(0)} flags 0x${bytes.u16(6).toString(16)} sequence ${bytes.u32(8)}`,
    },
  ];
  if (kind !== undefined && message.length >= HEADER + size) {
    const header: unknown = kind.header.get(bytes, HEADER, HEADER + size);
    lines.push({ offset: HEADER, length: size, depth: 0, name: "header", value: show(header) });
    lines.push(...explainAttrs(kind.attrs, bytes, from, message.length));
  }
  return formatDump(lines, message);
}
