import type { LinkWish, NetnsWish, Wish } from "../../src/change/index.ts";

/** What `ip` is told to do, namespace by namespace, to make what netloom makes of a lab with one node. */
export interface IpRequests {
  readonly owner: string;
  readonly node: NamespaceRequests;
  readonly pods: readonly NamespaceRequests[];
}

export interface NamespaceRequests {
  readonly netns: string;
  readonly sysctls: readonly string[];
  /** Arguments of `ip`, one request each. */
  readonly lines: readonly string[];
}

/** The same names, addresses, tags and settings; host names are ours alone, `ip` has no UTS namespaces. */
export function ipRequests({ owner, namespaces }: Wish): IpRequests {
  const [node, ...pods] = namespaces;
  if (node === undefined) throw new Error("the lab has no node");
  const ends = new Map(
    pods.flatMap((pod) => pod.links.map((link) => [`${pod.name}/${link.spec.name}`, link] as const)),
  );
  return {
    owner,
    node: requests(owner, node, (link) => [addLine(link, ends), ...settingsLines(link, false)]),
    // A pod's end of a pair was made with the node's.
    pods: pods.map((pod) => requests(owner, pod, (link) => settingsLines(link, true))),
  };
}

function requests(owner: string, netns: NetnsWish, linesOf: (link: LinkWish) => readonly string[]): NamespaceRequests {
  return {
    netns: netns.name,
    sysctls: Object.entries(netns.sysctls ?? {}).map(([key, value]) => `${key.replaceAll("/", ".")}=${value}`),
    lines: [
      `link set dev lo up alias ${owner}`,
      ...netns.links.flatMap((link) => linesOf(link)),
      ...netns.links.flatMap(({ spec, addrs = [] }) =>
        addrs.map(({ prefix }) => `addr add ${prefix} dev ${spec.name}${prefix.includes(":") ? " nodad" : ""}`),
      ),
      ...(netns.routes ?? []).map(({ dst, via, dev }) => `route add ${dst} via ${via} dev ${dev} proto static`),
    ],
  };
}

function addLine({ spec }: LinkWish, ends: ReadonlyMap<string, LinkWish>): string {
  const end = `link add name ${spec.name} ${endWords(spec)}${spec.master === undefined ? "" : ` master ${spec.master}`} up`;
  if (spec.kind === "bridge") return `${end} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`;
  if (spec.peer === undefined) throw new Error(`no ip request for a ${spec.kind}`);
  const peer = ends.get(`${spec.peer.netns}/${spec.peer.name}`);
  if (peer === undefined) throw new Error(`${spec.name} has no other end`);
  return `${end} type veth peer name ${spec.peer.name} ${endWords(peer.spec)} netns ${spec.peer.netns}`;
}

/** What cannot be given when a link is made. */
function settingsLines({ spec }: LinkWish, up: boolean): readonly string[] {
  const mode = spec.addrGenMode === undefined ? "" : ` addrgenmode ${spec.addrGenMode}`;
  return [`link set dev ${spec.name}${up ? " up" : ""} alias ${spec.alias}${mode}`];
}

function endWords({ mtu, mac }: LinkWish["spec"]): string {
  return [...(mtu === undefined ? [] : [`mtu ${mtu}`]), ...(mac === undefined ? [] : [`address ${mac}`])].join(" ");
}
