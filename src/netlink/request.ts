import type { Codec } from "../wire/index.ts";

/** `NLM_F_*` of linux/netlink.h. */
export const NLM_F = {
  REQUEST: 0x1,
  MULTI: 0x2,
  ACK: 0x4,
  ECHO: 0x8,
  DUMP_INTR: 0x10,
  DUMP_FILTERED: 0x20,
  ROOT: 0x100,
  MATCH: 0x200,
  DUMP: 0x300,
  REPLACE: 0x100,
  EXCL: 0x200,
  CREATE: 0x400,
  APPEND: 0x800,
} as const;

const anyway = ["REQUEST", "MULTI", "ACK", "DUMP_INTR", "DUMP_FILTERED"] as const;
const reading = [...anyway, "ROOT", "MATCH"] as const;
const changing = [...anyway, "REPLACE", "EXCL", "CREATE", "APPEND"] as const;

/** `REQUEST|ACK|CREATE`: the same bits mean other things in a message that reads (`getlink`). `0` for none. */
export function flagNames(flags: number, message: string): string {
  const names = (message.startsWith("get") ? reading : changing).filter((name) => (flags & NLM_F[name]) !== 0);
  const rest = names.reduce((bits, name) => bits & ~NLM_F[name], flags);
  return [...names, ...(rest === 0 && names.length > 0 ? [] : [rest === 0 ? "0" : `0x${rest.toString(16)}`])].join("|");
}

/**
 * One kind of netlink message: its number, its fixed family header and its attributes.
 * The set form (what is asked) may differ from the get form (what the kernel answers).
 */
export interface MessageKind<Header, Get, Set = Get> {
  /** As the kernel calls it, in lower case: `newlink`. */
  readonly name: string;
  readonly type: number;
  readonly header: Codec<Header> & { readonly size: number };
  readonly attrs: Codec<Get, Set>;
}

// eslint-disable-next-line typescript/no-explicit-any -- a list of requests mixes kinds; each was checked when it was made
export type AnyMessageKind = MessageKind<any, any, any>;

/** Something to ask of the kernel; a plain value, so it can be printed, compared and batched. */
export interface Request {
  readonly kind: AnyMessageKind;
  readonly header: unknown;
  readonly attrs: unknown;
  /** `NLM_F_*` besides REQUEST and ACK, which sending adds. */
  readonly flags: number;
  /** What is being done, in the user's words; becomes part of the error: `add link br0`. */
  readonly doing: string;
}

/** A request whose answers are read: `read` turns one answer into a fact, or passes it over. */
export interface Query<T> {
  readonly request: Request;
  readonly answer: AnyMessageKind;
  readonly read: (header: never, attrs: never) => T | undefined;
  /** Passes an answer over by its header alone: its attributes are then not decoded. */
  readonly wanted?: (header: never) => boolean;
}

export function request<H, G, S>(
  kind: MessageKind<H, G, S>,
  flags: number,
  header: H,
  attrs: S,
  doing: string,
): Request {
  return { kind, header, attrs, flags, doing };
}

export function query<T, H, G, S>(
  asked: Request,
  answer: MessageKind<H, G, S>,
  read: (header: H, attrs: G) => T | undefined,
  wanted?: (header: H) => boolean,
): Query<T> {
  return { request: asked, answer, read, ...(wanted === undefined ? {} : { wanted }) };
}
