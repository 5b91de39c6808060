import type { MessageKind, Request } from "../netlink/index.ts";
import { type NftHeader, headerOf } from "./message.ts";
import { type Entry, comment } from "./udata.ts";

/** A request whose words are put together only when somebody wants them: rules are many, and few are refused. */
export function asked<G, S>(
  kind: MessageKind<NftHeader, G, S>,
  flags: number,
  family: NftHeader["family"],
  attrs: S,
  doing: () => string,
): Request {
  return {
    kind,
    header: headerOf(family),
    attrs,
    flags,
    get doing() {
      return doing();
    },
  };
}

/** Attributes for a comment and for what programs keep. */
export function noted(text: string | undefined, note?: Entry): { readonly userdata?: readonly Entry[] } {
  const entries = [...(text === undefined ? [] : [comment(text)]), ...(note === undefined ? [] : [note])];
  return entries.length === 0 ? {} : { userdata: entries };
}
