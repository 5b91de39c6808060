import { isLowerBeforeType, printKindData, printPort } from "./_print-kind.ts";
import type { LinkSpec, LinkSpecOf, LinkState, NetnsName } from "./net.ts";
import type { OpOf } from "./op.ts";
import { word } from "./_shell.ts";

/** `ip link add`, and what it cannot say in the same breath joined by `&&`. */
export function printLinkAdd({ netns, link, peer }: OpOf<"link.add">): string {
  if (link.kind === "tun") return printTun(netns, link);
  const { name, kind, mtu, mac, master, lower, lowerNetns, up } = link;
  // `ip link add` sends the alias, but the kernel only takes it from a later message (rtnl_create_link).
  const { alias, altNames, addrGenMode, port, promisc, allmulti, txQueueLen } = link;
  const waits = addrGenMode !== undefined;
  // A bridge follows the MTUs of its ports unless its own was set after it was made (br_change_mtu).
  const mtuLater = kind === "bridge" && mtu !== undefined;
  // `ip` looks for the device below where it is itself, so it goes there and names the namespace of the new one.
  const isGuest = lowerNetns !== undefined && lowerNetns !== netns;
  const add = [
    `ip -n ${word(isGuest ? lowerNetns : netns)} link add`,
    ...(lower !== undefined && isLowerBeforeType(kind) ? [`link ${word(lower)}`] : []),
    `name ${word(name)}`,
    ...(isGuest ? [`netns ${word(netns)}`] : []),
    ...hard({ mtu: mtuLater ? undefined : mtu, mac }),
    ...(master && !isGuest ? [`master ${word(master)}`] : []),
    ...(up === true && !waits ? ["up"] : []),
    `type ${kind}`,
    ...(kind === "veth" ? printPeer(netns, link, peer) : printKindData(kind, link.data, lower)),
  ].join(" ");
  const later = printSets(netns, name, {
    ...(mtuLater && { mtu }),
    ...(master && isGuest && { master }),
    ...(alias !== undefined && { alias }),
    ...(altNames !== undefined && { altNames }),
    ...(addrGenMode !== undefined && { addrGenMode }),
    ...(promisc !== undefined && { promisc }),
    ...(allmulti !== undefined && { allmulti }),
    ...(txQueueLen !== undefined && { txQueueLen }),
    ...(port !== undefined && { port }),
    ...(up === true && waits && { up }),
  });
  const beyond = peer && printSets(link.peer?.netns ?? netns, peer.name, stateAfterAdd(peer));
  return [add, ...later, ...(beyond ?? [])].join(" && ");
}

function printTun(netns: NetnsName, link: LinkSpecOf<"tun">): string {
  const { type = "tun", packetInfo, vnetHdr, multiQueue, owner, group } = link.data ?? {};
  const add = [
    `ip -n ${word(netns)} tuntap add dev ${word(link.name)} mode ${type === "tap" ? "tap" : "tun"}`,
    ...(owner === undefined ? [] : [`user ${owner}`]),
    ...(group === undefined ? [] : [`group ${group}`]),
    ...(packetInfo === true ? ["pi"] : []),
    ...(vnetHdr === true ? ["vnet_hdr"] : []),
    ...(multiQueue === true ? ["multi_queue"] : []),
  ].join(" ");
  const { kind: _kind, name, data: _data, lower: _lower, peer: _peer, ...state } = link;
  return [add, ...printSets(netns, name, state)].join(" && ");
}

export function printLinkSet({ netns, name, set, was }: OpOf<"link.set">): string {
  return printSets(netns, name, set, was).join(" && ");
}

function printPeer(netns: NetnsName, { peer: ref }: LinkSpec, peer: LinkSpec | undefined): string[] {
  if (ref === undefined && peer === undefined) return [];
  return [
    `peer name ${word(ref?.name ?? peer?.name ?? "")}`,
    ...(ref !== undefined && ref.netns !== netns ? [`netns ${word(ref.netns)}`] : []),
    ...(peer === undefined ? [] : hard(peer)),
  ];
}

function hard({ mtu, mac }: { readonly mtu?: number | undefined; readonly mac?: string | undefined }): string[] {
  return [...(mtu === undefined ? [] : [`mtu ${mtu}`]), ...(mac === undefined ? [] : [`address ${mac}`])];
}

function stateAfterAdd(link: LinkSpec): LinkState {
  const { master, alias, altNames, addrGenMode, port, promisc, allmulti, txQueueLen } = link;
  return {
    ...(promisc !== undefined && { promisc }),
    ...(allmulti !== undefined && { allmulti }),
    ...(txQueueLen !== undefined && { txQueueLen }),
    ...(master !== undefined && { master }),
    ...(alias !== undefined && { alias }),
    ...(altNames !== undefined && { altNames }),
    ...(addrGenMode !== undefined && { addrGenMode }),
    ...(port !== undefined && { port }),
  };
}

/** One `ip link set` for what goes together, and further commands for what does not. */
function printSets(netns: NetnsName, name: string, set: LinkState, was: LinkState = {}): string[] {
  const ip = `ip -n ${word(netns)} link`;
  const { up, mtu, mac, master, alias, altNames, addrGenMode, port, promisc, allmulti, txQueueLen } = set;
  const words = [
    ...(up === false ? ["down"] : []),
    ...(master === undefined ? [] : [master === null ? "nomaster" : `master ${word(master)}`]),
    ...hard({ mtu, mac }),
    ...(alias === undefined ? [] : [`alias ${word(alias)}`]),
    ...(promisc === undefined ? [] : [`promisc ${promisc ? "on" : "off"}`]),
    ...(allmulti === undefined ? [] : [`allmulticast ${allmulti ? "on" : "off"}`]),
    ...(txQueueLen === undefined ? [] : [`txqueuelen ${txQueueLen}`]),
    ...(addrGenMode === undefined
      ? []
      : [`addrgenmode ${addrGenMode === "stable-privacy" ? "stable_secret" : addrGenMode}`]),
  ];
  const ups = up === true ? ["up"] : [];
  // The kernel brings the link up before it looks at the address generation mode (do_setlink).
  const apart = addrGenMode !== undefined && up === true;
  const first = apart ? words : [...words, ...ups];
  const property = `${ip} property`;
  return [
    ...(first.length > 0 ? [`${ip} set dev ${word(name)} ${first.join(" ")}`] : []),
    ...(port === undefined ? [] : [`${ip} set dev ${word(name)} type bridge_slave ${printPort(port).join(" ")}`]),
    ...(was.altNames ?? [])
      .filter((alt) => altNames !== undefined && !altNames.includes(alt))
      .map((alt) => `${property} del dev ${word(name)} altname ${word(alt)}`),
    ...(altNames ?? [])
      .filter((alt) => !was.altNames?.includes(alt))
      .map((alt) => `${property} add dev ${word(name)} altname ${word(alt)}`),
    ...(apart ? [`${ip} set dev ${word(name)} up`] : []),
  ];
}
