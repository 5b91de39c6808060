import { onMaster } from "../_on-master.ts";
import { planVlan } from "./plan.ts";
import { readVlan } from "./schema.ts";

/** Puts a container into a VLAN of an interface of the host. */
export const vlan = onMaster({
  name: "vlan",
  about: "puts a container into a VLAN of an interface of the host",
  parse: readVlan,
  make: planVlan,
  announce: true,
  setting: (conf) => ["id", "VLAN", conf.id],
  checksMaster: true,
});
