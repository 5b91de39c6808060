import type { Element, SetSpec, TableSpec } from "./table.ts";
import type { Rule } from "./rule.ts";

/**
 * A table that several owners use. It is made with the first of them and goes with the last. Each owner has a chain per role,
 * named `<role>/<owner>`, and elements of the shared sets and maps, which lead packets there; shared chains are never changed
 * for an owner. So an owner is found by name, and packets find their rules by one look-up, however many owners there are.
 */
export interface SharedTable extends TableSpec {
  /** The kinds of chains that an owner may have; one of the first kind it always has, and is known by it. */
  readonly roles: readonly [string, ...string[]];
  readonly sets?: readonly (SetSpec & { readonly interval?: false })[];
}

/** What one owner has in a shared table. */
export interface Owned {
  /** Rules by role; each gets the owner's comment. */
  readonly rules: Readonly<Record<string, readonly Rule[]>>;
  /** Elements of shared sets and maps; each gets the owner's comment. */
  readonly elements?: readonly OwnedElements[];
}

export interface OwnedElements {
  readonly set: string;
  readonly elements: readonly Element[];
}

/** The longest comment that `nft` reads (NFTNL_UDATA_COMMENT_MAXLEN), without its closing NUL. */
export const MOST_COMMENT = 127;
/** The longest owner's key: a role goes before it in the name of a chain, and a word in a comment. Bytes. */
export const MOST_OWNER = MOST_COMMENT - 16;

/**
 * A part of an owner's key, such as a network's name, in at most `most` bytes that `nft` reads back. What cannot stay as it
 * is keeps its first letters and gets a hash.
 */
export function ownerPart(text: string, most: number): string {
  if (text.length <= most && isPlain(text)) return text;
  const length = Math.min(16, Math.floor(most / 2));
  const hash = new Bun.CryptoHasher("sha256").update(text).digest("hex").slice(0, length);
  return `${text.replaceAll(/[^\w.-]/g, "_").slice(0, most - length - 1)}-${hash}`;
}

/** Letters, digits and `_.-`. Not by a regular expression: each is compiled anew by each process, and this is asked by all. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
    if (!isLetter && !(code >= 0x30 && code <= 0x39) && code !== 0x2d && code !== 0x2e) return false;
  }
  return text !== "";
}

/** Name of the chain of an owner. */
export function ownChain(role: string, owner: string): string {
  return `${role}/${owner}`;
}

/** The comment on everything that an owner has. */
export function ownComment(owner: string): string {
  return `netloom ${owner}`;
}
