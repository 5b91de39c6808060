import type { Op } from "../../change/index.ts";
import type { IfName } from "../../values/index.ts";
import { addOn } from "../_single.ts";
import type { VlanConf } from "./schema.ts";

export function planVlan(conf: VlanConf, name: IfName, master: IfName): readonly Op[] {
  return [addOn({ name, kind: "vlan", data: { id: conf.id } }, master, conf)];
}
