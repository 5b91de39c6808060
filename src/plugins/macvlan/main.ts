import { onMaster } from "../_on-master.ts";
import { planMacvlan } from "./plan.ts";
import { readMacvlan } from "./schema.ts";

/** Gives a container an interface of its own address on a device of the host. */
export const macvlan = onMaster({
  name: "macvlan",
  about: "gives a container its own address on an interface of the host",
  parse: readMacvlan,
  make: planMacvlan,
  announce: "all",
  setting: (conf) => ["mode", "mode", conf.mode],
  checksMaster: true,
});
