/** The end on the host of the veth whose other end a container has. */
import type { LinkFact } from "../change/index.ts";
import { type Call, HOST, POD, type Result, type Work } from "../cni/index.ts";
import { aliasOf, hostNameOf } from "./_names.ts";

/** Found among the host's interfaces in a result. */
export function hostLinkOf(there: LinkFact, prev: Result, { kernel }: Work): LinkFact | undefined {
  return hostNames(prev)
    .map((name) => kernel.link(HOST, name))
    .find((link) => link !== undefined && isPair(link, there));
}

/** As {@link hostLinkOf}, at DEL: the container may be gone, and the result be missing. */
export function tryHostLink(call: Call, { kernel, pod }: Work): LinkFact | undefined {
  const there = pod ? kernel.link(POD, call.ifname) : undefined;
  for (const name of [hostNameOf(call), ...hostNames(call.prevResult ?? {})]) {
    const link = kernel.link(HOST, name);
    if (link === undefined) continue;
    // Without the container only the owner's tag tells whose it is.
    if (there === undefined ? link.alias === aliasOf(call) : isPair(link, there)) return link;
  }
  return undefined;
}

/** The host's interfaces in a result. */
export function hostNames({ interfaces = [] }: Result): readonly string[] {
  return interfaces.filter(({ sandbox }) => !sandbox).map(({ name }) => name);
}

function isPair(here: LinkFact, there: LinkFact): boolean {
  return here.kind === "veth" && here.index === there.peerIndex && here.peerIndex === there.index;
}
