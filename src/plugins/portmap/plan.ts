import type { Op, OpOf } from "../../change/index.ts";
import { type Call, HOST, type Result } from "../../cni/index.ts";
import {
  type Element,
  type Owned,
  type Rule,
  type Statement,
  dnat,
  is,
  jump,
  ownChain,
  rule,
  setMark,
} from "../../nft/index.ts";
import { type Family, type IfName, type Ip, type Prefix, familyOf, networkOf, prefixIp } from "../../values/index.ts";
import { deviceSysctl } from "../_interface.ts";
import { type Identity, ownerOf } from "../_owner.ts";
import { chainOf, referenceChains } from "./names.ts";
import type { Mapping, PortmapConf } from "./schema.ts";
import { MAP, RETURN, masqueradeMarked, portmapTable } from "./table.ts";

const families = [4, 6] as const;

/** The container's addresses that ports lead to, with their prefix lengths: the first of each family. */
export type Addresses = Readonly<Partial<Record<Family, Prefix>>>;

/** Those that the result gives the interface; one that names no interface is taken to be its own. */
export function addressesOf({ ips = [], interfaces = [] }: Result, { ifname }: Call): Addresses {
  const found: Partial<Record<Family, Prefix>> = {};
  for (const { address, interface: place } of ips) {
    const on = place === undefined ? undefined : interfaces[place];
    if (on !== undefined && (on.name !== ifname || !on.sandbox)) continue;
    found[familyOf(address)] ??= address;
  }
  return found;
}

/** The mappings by which a family's packets come, the last of equal ones, those of one address of the host first. */
export function mappingsOf(mappings: readonly Mapping[], family: Family): readonly Mapping[] {
  const own = mappings.filter((one) => one.family === undefined || one.family === family);
  const last = new Map(own.map((one) => [`${one.hostIp ?? "any"} ${one.protocol} ${one.hostPort}`, one]));
  const all = [...last.values()];
  return [...all.filter(({ hostIp }) => hostIp !== undefined), ...all.filter(({ hostIp }) => hostIp === undefined)];
}

/** Publishes an attachment's ports, whatever was published for it before; nothing if no mapping fits its addresses. */
export function portmapPut(conf: PortmapConf, identity: Identity, addresses: Addresses): OpOf<"nft.put"> | undefined {
  const owner = ownerOf(identity);
  const parts = families.flatMap((family) => {
    const address = addresses[family];
    const mappings = mappingsOf(conf.mappings, family);
    return address === undefined || mappings.length === 0 ? [] : [{ family, address, mappings }];
  });
  if (parts.length === 0) return undefined;
  const own: Owned = {
    rules: {
      [MAP]: parts.flatMap(({ family, address, mappings }) =>
        mappings.flatMap((mapping) => rulesOf(conf, mapping, family, address)),
      ),
      ...(conf.snat && { [RETURN]: [masqueradeMarked(conf.mark)] }),
    },
    elements: parts.flatMap(({ family, address, mappings }) => [
      ...portElements(mappings, family, ownChain(MAP, owner)),
      ...(conf.snat
        ? [{ set: `pods${family}`, elements: [{ key: [prefixIp(address)], to: jump(ownChain(RETURN, owner)) }] }]
        : []),
    ]),
  };
  return { do: "nft.put", netns: HOST, table: portmapTable, owner, own };
}

function portElements(mappings: readonly Mapping[], family: Family, chain: string) {
  const elements = (some: readonly Mapping[]): readonly Element[] =>
    some.map(({ hostIp, protocol, hostPort }) => ({
      key: [...(hostIp === undefined ? [] : [hostIp]), protocol, hostPort],
      to: jump(chain),
    }));
  const [hosts, any] = [
    mappings.filter((one) => one.hostIp !== undefined),
    mappings.filter((one) => one.hostIp === undefined),
  ];
  return [
    ...(hosts.length === 0 ? [] : [{ set: `hosts${family}`, elements: elements(hosts) }]),
    ...(any.length === 0 ? [] : [{ set: `ports${family}`, elements: elements(any) }]),
  ];
}

/**
 * What is sent from the container's own network, or by the host to itself, would be answered past the host, or not at all: it is
 * marked, to leave with the host's address.
 */
function rulesOf(conf: PortmapConf, mapping: Mapping, family: Family, address: Prefix): readonly Rule[] {
  const { protocol, hostPort, containerPort, hostIp } = mapping;
  const [saddr, daddr] = family === 4 ? (["ip saddr", "ip daddr"] as const) : (["ip6 saddr", "ip6 daddr"] as const);
  const match: readonly Statement[] = [
    hostIp === undefined ? is("meta nfproto", family === 4 ? "ipv4" : "ipv6") : is(daddr, hostIp),
    is(`${protocol} dport`, hostPort),
    ...conf.conditions[family].statements,
  ];
  const mark = setMark("meta mark", conf.mark, conf.mark);
  const sources = [networkOf(address), ...(family === 4 ? ["127.0.0.1"] : [])];
  const marking = conf.masqAll
    ? [rule([...match, mark])]
    : sources.map((source) => rule([...match, is(saddr, source), mark]));
  return [...(conf.snat ? marking : []), rule([...match, dnat(family, prefixIp(address), containerPort)])];
}

/** Withdraws an attachment's ports, whatever they are. */
export function portmapDelete(identity: Identity): Op {
  return { do: "nft.delete", netns: HOST, table: portmapTable, owner: ownerOf(identity) };
}

/**
 * Withdraws what the reference published, and what was published through iptables: rules of nf_tables they are, too. The reference
 * tells containers apart, but not the interfaces of one.
 */
export function portmapClear(call: Identity): readonly Op[] {
  const chains = [chainOf(call), ...referenceChains(call)];
  return (["ip", "ip6"] as const).flatMap((family): readonly Op[] => [
    { do: "nft.clear", netns: HOST, table: { family, name: "cni_hostport" }, what: { comment: call.containerId } },
    ...chains.map((chain): Op => ({ do: "nft.clear", netns: HOST, table: { family, name: "nat" }, what: { chain } })),
  ]);
}

/** Flows that began before keep the way they had: those of UDP for ever, if packets keep coming. */
export function staleFlows(conf: PortmapConf, addresses: Addresses): readonly OpOf<"flows.forget">[] {
  return families.flatMap((family) => {
    if (addresses[family] === undefined) return [];
    const ports = mappingsOf(conf.mappings, family).filter(({ protocol }) => protocol === "udp");
    return [...new Set(ports.map(({ hostPort }) => hostPort))].map((port) => ({
      do: "flows.forget",
      netns: HOST,
      flows: { family, protocol: "udp", port },
    }));
  });
}

/** Packets from 127.0.0.1 may leave by this link. It stays so, as for other containers behind it. */
export function routeLocalnet(dev: IfName): Op {
  return { do: "sysctl.set", netns: HOST, key: localnetKey(dev), value: "1" };
}

export function localnetKey(dev: IfName): string {
  return deviceSysctl(4, dev, "route_localnet");
}

/** The address from which the host's own packets to the container may come as 127.0.0.1. */
export function localnetAddress({ snat, mappings }: PortmapConf, addresses: Addresses): Ip | undefined {
  const address = addresses[4];
  return snat && address !== undefined && mappingsOf(mappings, 4).length > 0 ? prefixIp(address) : undefined;
}
