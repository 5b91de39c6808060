import { POD, type Plugin, type Result, versionsFrom } from "../../cni/index.ts";
import { lockNetns, podFacts, podLink, prevResultOf } from "../_chained.ts";
import { needKind } from "../_ready.ts";
import { checkVrf, planRelease, planVrf } from "./plan.ts";
import { type VrfConf, parseVrf } from "./schema.ts";

/** Puts the container's interface into a VRF, which it makes. */
export const vrf: Plugin<VrfConf> = {
  name: "vrf",
  about: "puts a container's interface into a VRF, a routing table of its own",
  versions: versionsFrom("0.3.1"),
  parse: parseVrf,

  add({ name, ...conf }, call, work): Result {
    const prev = prevResultOf(call, "vrf");
    if (name === undefined) return prev;
    using _lock = lockNetns(call, work);
    work.run(planVrf({ name, ...conf }, podLink(work, call), podFacts(work)));
    return prev;
  },

  del({ name }, call, work): void {
    if (name === undefined || !work.pod) return;
    using _lock = lockNetns(call, work);
    if (work.kernel.link(POD, name) !== undefined) work.run(planRelease(name, call.ifname, podFacts(work).links));
  },

  check({ name, ...conf }, call, work): void {
    prevResultOf(call, "vrf");
    if (name !== undefined) checkVrf({ name, ...conf }, podLink(work, call), work.kernel.link(POD, name));
  },

  status(_, _call, work): void {
    needKind(work, "vrf");
  },
};
