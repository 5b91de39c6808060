import type { LinkFact } from "../../change/index.ts";
import { type Call, CniError, POD, type Plugin, type Result, type Work, codes, specVersions } from "../../cni/index.ts";
import { type Fd, lockFile, tryOpenFile } from "../../sys/index.ts";
import { type Ip, prefixIp } from "../../values/index.ts";
import { podLink, prevResultOf } from "../_chained.ts";
import { type SbrFacts, addressesOf, checkSbr, planRelease, planSbr } from "./plan.ts";
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
    work.run(planSbr(conf, ips, name, factsOf(work)));
    return prev;
  },

  del(conf, call, work): void {
    if (!work.pod) return;
    const link = work.kernel.link(POD, call.ifname);
    const addresses = [...liveOf(link), ...toldBy(call)];
    if (addresses.length > 0) work.run(planRelease(conf, addresses, factsOf(work).rules));
  },

  check(conf, call, work): void {
    const prev = prevResultOf(call, "sbr");
    checkSbr(conf, addressesOf(prev, call), podLink(work, call).name, factsOf(work));
  },
};

function factsOf({ kernel }: Work): SbrFacts {
  const facts = kernel.facts({ namespaces: [POD], neighbours: () => false }).get(POD);
  if (facts === undefined) throw new CniError(codes.missing, "the container's network namespace is gone");
  return facts;
}

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

/** The lock of the reference's sbr: on the namespace's own file, which is never made for it. */
function lockNetns({ netns }: Call, { dry }: Work): Fd | undefined {
  const fd = dry ? undefined : tryOpenFile(netns);
  if (fd !== undefined) lockFile(fd, true);
  return fd;
}
