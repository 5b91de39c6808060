import type { LinkFact } from "../../change/index.ts";
import {
  type Call,
  CniError,
  HOST,
  type Plugin,
  type Result,
  type Work,
  codes,
  specVersions,
} from "../../cni/index.ts";
import { freeIfName, hasIpv6, loopbackWithout6, placed, planForwarding } from "../_interface.ts";
import { addressesOf } from "../_ipam.ts";
import { pairInterfaces, releasePair, releaseStalePairs } from "../_link.ts";
import { randomMac } from "../_mac.ts";
import { masquerade, releaseMasquerade } from "../_masq.ts";
import { aliasOf, hostNameOf } from "../_names.ts";
import { releaseAll, releaseAttached } from "../_release.ts";
import { POD_PLACE, gated, planPtp } from "./plan.ts";
import { type PtpConf, readPtp } from "./schema.ts";

/** Connects a container to the host by a pair of its own, over which it is routed. */
export const ptp: Plugin<PtpConf> = {
  name: "ptp",
  about: "connects a container to the host by a link of its own",
  versions: specVersions,

  parse: readPtp,
  add,

  async del(conf, call, work) {
    await releaseAll(call, [
      ...releaseAttached(releasePair(call, work), conf.ipam, call, work),
      ...(conf.masq === undefined ? [] : [releaseMasquerade(conf.masq, call, work)]),
    ]);
  },

  async check(conf, call, work) {
    const { checkPtp } = await import("./check.ts");
    await checkPtp(conf, call, work);
  },

  async status(conf, _call, work) {
    const { needAddresses, needKind, needMasquerade } = await import("../_ready.ts");
    needKind(work, "veth");
    await needMasquerade(work, conf.masq);
    await needAddresses(work, conf.ipam);
  },

  async gc(conf, call, work) {
    const { releaseStaleMasquerade } = await import("../_masq-later.ts");
    await releaseAll(call, [
      ...releaseAttached(releaseStalePairs(call, work), conf.ipam, call, work),
      ...releaseStaleMasquerade(call, work),
    ]);
  },
};

async function add(conf: PtpConf, call: Call, work: Work): Promise<Result> {
  const { ipam = "" } = conf;
  const pod = freeIfName(call, work);
  const [host, alias] = [hostNameOf(call), aliasOf(call)];
  const given = await addressesOf(work, ipam);
  const ips = gated(placed(given.ips, POD_PLACE), ipam);
  const { routes = [] } = given;
  const prefixes = ips.map(({ address }) => address);
  // Others may rely on it at once: it is not taken back.
  work.kernel.run(planForwarding(prefixes, work.kernel));
  const pair = { pod, host, alias, podMac: randomMac(alias), hostMac: randomMac(host) };
  const addresses = { ips, routes, loopbackWithout6: loopbackWithout6(work, given), ipv6: hasIpv6(work.kernel) };
  work.run(planPtp(conf, pair, addresses));
  if (conf.masq !== undefined) await masquerade(conf.masq, call, work, prefixes);
  const dns = conf.dns ?? given.dns;
  return {
    interfaces: pairInterfaces(hostEnd(work, host), pair, call.netns),
    ips,
    routes,
    ...(dns && { dns }),
  };
}

function hostEnd({ kernel }: Work, name: string): LinkFact {
  const link = kernel.link(HOST, name, { addrs: false });
  if (link !== undefined) return link;
  throw new CniError(codes.missing, `cannot ADD: somebody deleted the interface ${name} that was just made`);
}
