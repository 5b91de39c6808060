import { type Call, HOST, type Result, type Work } from "../../cni/index.ts";
import { hostPrefix, prefixIp } from "../../values/index.ts";
import {
  answered,
  forwardingDifferences,
  hostNames,
  pairDifferences,
  podDifferences,
  podFacts,
  report,
} from "../_check.ts";
import { masqueradeDifferences } from "../_masq-later.ts";
import { hostNameOf } from "../_names.ts";
import type { PtpConf } from "./schema.ts";

/** Compares all that ADD did. @throws {CniError} 105 */
export async function checkPtp(conf: PtpConf, call: Call, work: Work): Promise<void> {
  const prev = answered(call);
  if (conf.ipam !== undefined) await work.delegate(conf.ipam, "CHECK");
  const pair = pairDifferences(call, work, prev, [...hostNames(prev), hostNameOf(call)]);
  const { ips = [] } = prev;
  report([
    ...podDifferences(call, prev, podFacts(work), { kind: "veth", up: true }),
    ...pair.differences,
    ...(pair.host === undefined ? [] : hostDifferences(pair.host.name, work, prev)),
    ...forwardingDifferences(work, prev),
    ...(conf.masq === undefined
      ? []
      : await masqueradeDifferences(
          conf.masq,
          call,
          work,
          ips.map(({ address }) => address),
        )),
  ]);
}

/** The host's end has the gateways' addresses, and the container's are reached by it. */
function hostDifferences(host: string, { kernel }: Work, { ips = [] }: Result): readonly string[] {
  const addrs = new Set(kernel.link(HOST, host)?.addrs.map(({ prefix }) => prefix));
  return ips.flatMap(({ address, gateway }) => {
    const way = kernel.wayTo(HOST, prefixIp(address));
    return [
      ...(gateway === undefined || addrs.has(hostPrefix(gateway))
        ? []
        : [`${host} has not the gateway's address ${gateway}`]),
      ...(way === host ? [] : [`the host reaches ${prefixIp(address)} by ${way ?? "no interface"}, not by ${host}`]),
    ];
  });
}
