/**
 * A file of its own, imported when it is wanted. To import the rooms' `index.ts` so would make the bundler put all that they
 * export into one chunk, and whoever needs a part would load the whole.
 */
import { writeSync } from "node:fs";
import { setTracer, textTracer } from "../netlink/index.ts";
import { messageKinds as nftKinds } from "../nft/index.ts";
import { messageKinds } from "../rtnl/index.ts";

/** Writes every netlink message, annotated, to standard error. */
export function traceNetlink(): void {
  setTracer(textTracer(new Map([...messageKinds, ...nftKinds]), (text) => void writeSync(2, text)));
}
