import type { Op } from "../../change/index.ts";
import type { IfName } from "../../values/index.ts";
import { addOn } from "../_single.ts";
import type { MacvlanConf } from "./schema.ts";

/** The link, straight in its place under its name: another of the name on the host is not in the way. */
export function planMacvlan(conf: MacvlanConf, name: IfName, master: IfName): readonly Op[] {
  const { mode, bcQueueLen, mac } = conf;
  const data = { mode, ...(bcQueueLen !== undefined && { bcQueueLen }) };
  return [addOn({ name, kind: "macvlan", data, ...(mac !== undefined && { mac }) }, master, conf)];
}
