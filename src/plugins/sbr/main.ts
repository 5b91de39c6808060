import type { LinkFact } from "../../change/index.ts";
import { type Call, POD, type Plugin, type Result, specVersions } from "../../cni/index.ts";
import { type Ip, prefixIp } from "../../values/index.ts";
import { lockNetns, podFacts, podLink, prevResultOf } from "../_chained.ts";
import { addressesOf, checkSbr, planRelease, planSbr } from "./plan.ts";
import { type SbrConf, parseSbr } from "./schema.ts";

/** Routes what a container sends by the address that it sends from. */
export const sbr: Plugin<SbrConf> = {
  name: "sbr",
  about: "routes by source address, for containers with several interfaces",
  versions: specVersions,
  parse: parseSbr,

  add(conf, call, work): Result {
    const prev = prevResultOf(call, "sbr");
    const ips = addressesOf(prev, call);
    // Tables are chosen by what is there: nobody else chooses meanwhile.
    using _lock = lockNetns(call, work);
    const { name } = podLink(work, call);
    work.run(planSbr(conf, ips, name, podFacts(work)));
    return prev;
  },

  del(conf, call, work): void {
    if (!work.pod) return;
    const link = work.kernel.link(POD, call.ifname);
    const addresses = [...liveOf(link), ...toldBy(call)];
    if (addresses.length > 0) work.run(planRelease(conf, addresses, podFacts(work).rules));
  },

  check(conf, call, work): void {
    const prev = prevResultOf(call, "sbr");
    checkSbr(conf, addressesOf(prev, call), podLink(work, call).name, podFacts(work));
  },
};

function liveOf(link: LinkFact | undefined): readonly Ip[] {
  return (link?.addrs ?? []).map(({ prefix }) => prefixIp(prefix));
}

/** Addresses outlive their interface in rules. */
function toldBy(call: Call): readonly Ip[] {
  const { ips = [], interfaces = [] } = call.prevResult ?? {};
  return ips
    .filter(({ interface: place }) => place !== undefined && interfaces[place]?.name === call.ifname)
    .map(({ address }) => prefixIp(address));
}
