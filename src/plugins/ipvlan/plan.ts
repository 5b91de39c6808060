import type { Op } from "../../change/index.ts";
import type { IfName } from "../../values/index.ts";
import { addOn } from "../_single.ts";
import type { IpvlanConf } from "./schema.ts";

export function planIpvlan(conf: IpvlanConf, name: IfName, master: IfName): readonly Op[] {
  return [addOn({ name, kind: "ipvlan", data: { mode: conf.mode } }, master, conf)];
}
