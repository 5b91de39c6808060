import { Bytes, type DumpLine, explainAttrs, formatDump, show } from "../wire/index.ts";
import { type Refusal, describe } from "./error.ts";
import { HEADER, attrsFrom, familyHeader } from "./frame.ts";
import { type AnyMessageKind, type Request, flagNames } from "./request.ts";

/** Told of every message that is sent and received. */
export interface Tracer {
  readonly request: (bytes: Uint8Array, asked: Request) => void;
  /** `kind` is the one that was asked for. */
  readonly answer: (bytes: Uint8Array, kind: AnyMessageKind) => void;
  /** The end of what the request of that sequence number brought. */
  readonly ack: (sequence: number, refusal: Refusal | undefined) => void;
}

/** The tracer in force; absent costs one comparison per message. */
export let trace: Tracer | undefined;

/** Switches tracing on or off (`undefined`) for the whole program: `NETLOOM_TRACE=nl`. */
export function setTracer(tracer: Tracer | undefined): void {
  trace = tracer;
}

/** A tracer that writes annotated dumps, using `kinds` to name what is inside; it knows those that are asked besides. */
export function textTracer(kinds: ReadonlyMap<number, AnyMessageKind>, write: (text: string) => void): Tracer {
  const text = (bytes: Uint8Array, kind: AnyMessageKind): string =>
    explain(bytes, kinds.has(kind.type) ? kinds : new Map([[kind.type, kind]]));
  return {
    request: (bytes, { doing, kind }) => write(`> ${doing}\n${text(bytes, kind)}\n`),
    answer: (bytes, kind) => write(`<\n${text(bytes, kind)}\n`),
    ack: (sequence, refusal) =>
      write(`< sequence ${sequence}: ${refusal === undefined ? "ok" : `refused: ${describe(refusal)}`}\n`),
  };
}

/** One netlink message as an annotated dump: header, family header, attributes. Never throws. */
export function explain(message: Uint8Array, kinds: ReadonlyMap<number, AnyMessageKind>): string {
  const bytes = new Bytes(message);
  const malformed = (offset: number, value: string): DumpLine => ({
    offset,
    length: message.length - offset,
    depth: 0,
    name: "malformed",
    value,
  });
  if (message.length < HEADER) return formatDump([malformed(0, "shorter than a header")], message);
  const type = bytes.u16(4);
  const kind = kinds.get(type);
  const name = kind?.name ?? `message ${type}`;
  const value = `length ${bytes.u32(0)} flags ${flagNames(bytes.u16(6), name)} sequence ${bytes.u32(8)}`;
  const lines: DumpLine[] = [{ offset: 0, length: HEADER, depth: 0, name, value }];
  if (kind === undefined) return formatDump(lines, message);
  const { size } = kind.header;
  if (message.length < HEADER + size) {
    lines.push(malformed(HEADER, `shorter than the header of ${name}`));
  } else {
    const header: unknown = familyHeader(kind, bytes, HEADER, message.length);
    lines.push({ offset: HEADER, length: size, depth: 0, name: "header", value: show(header) });
    lines.push(...explainAttrs(kind.attrs, bytes, attrsFrom(kind, HEADER), message.length));
  }
  return formatDump(lines, message);
}
