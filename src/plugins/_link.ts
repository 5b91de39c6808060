/** Links as DEL and GC give them back and results tell them. */
import type { LinkFact, Op } from "../change/index.ts";
import { type Attachment, type Call, HOST, type Interface, POD, type Work } from "../cni/index.ts";
import { type Mac, parseIfName } from "../values/index.ts";
import { aliasOf, hostNameOf, isAliasIn } from "./_names.ts";
import type { Release } from "./_release.ts";

export function interfaceOf({ name, mac, mtu }: LinkFact, sandbox?: string): Interface {
  return { name, ...(mac !== undefined && { mac }), mtu, ...(sandbox !== undefined && { sandbox }) };
}

/** A veth's two ends, of which one was read: both were made with the same MTU, and with addresses of ours. */
export function pairInterfaces(
  host: LinkFact,
  { pod, podMac }: { readonly pod: string; readonly podMac: Mac },
  sandbox: string,
): readonly [Interface, Interface] {
  return [interfaceOf(host), { name: pod, mac: podMac, mtu: host.mtu, sandbox }];
}

/** The container's interface goes, if there is one. */
export function releasePodLink(call: Call, work: Work): Release {
  return {
    what: `interface ${call.ifname}`,
    do() {
      if (work.pod) deletePodLink(call, work);
    },
  };
}

function deletePodLink({ ifname }: Call, { kernel }: Work): boolean {
  // Loopback is nobody's, and stays: an ADD of that name was refused.
  if (ifname === "lo" || !kernel.hasLink(POD, ifname)) return false;
  kernel.run([{ do: "link.delete", netns: POD, name: parseIfName(ifname) }]);
  return true;
}

/** As {@link releasePodLink} for a veth, which is also found by its end on the host: CNI_NETNS may be empty while it lives. */
export function releasePair(call: Call, work: Work): Release {
  return {
    what: `interface ${call.ifname}`,
    do() {
      if (work.pod && deletePodLink(call, work)) return;
      const link = work.kernel.link(HOST, hostNameOf(call), { addrs: false });
      if (link?.alias === aliasOf(call)) work.kernel.run([deletion(link)]);
    },
  };
}

/** Links on the host that belong to attachments of this network which are no longer valid. */
export function releaseStalePairs({ network, valid }: Call, work: Work): Release {
  return {
    what: `stale interfaces of network ${network}`,
    do() {
      if (valid === undefined) return;
      const facts = work.kernel.facts({ namespaces: [HOST], depth: "links" }).get(HOST);
      work.kernel.run(stalePairs(network, valid, facts?.links ?? []));
    },
  };
}

export function stalePairs(network: string, valid: readonly Attachment[], links: readonly LinkFact[]): readonly Op[] {
  const keep = new Set(valid.map(({ containerID, ifname }) => aliasOf({ network, containerId: containerID, ifname })));
  return links
    .filter(({ kind, alias = "" }) => kind === "veth" && isAliasIn(network, alias) && !keep.has(alias))
    .map(deletion);
}

function deletion({ name }: LinkFact): Op {
  return { do: "link.delete", netns: HOST, name };
}
