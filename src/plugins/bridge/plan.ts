import type { AddrFact, LinkFact, Op, PortVlanSpec } from "../../change/index.ts";
import { CniError, HOST, type IpConfig, POD, type Result, type Route, codes } from "../../cni/index.ts";
import {
  type IfName,
  type Ip,
  type Mac,
  type Prefix,
  contains,
  familyOf,
  ipFromBigInt,
  ipToBigInt,
  makePrefix,
  networkOf,
  parsePrefix,
  prefixIp,
  prefixLength,
  tryIfName,
} from "../../values/index.ts";
import { addrOf, deviceSysctl, placed, planInterface, routedRa, silentRa, upOp, wish } from "../_interface.ts";
import type { BridgeConf } from "./schema.ts";

/** Place of the container's interface in the result: behind the bridge and the host's end. */
const POD_PLACE = 2;
/** The VLAN that a bridge gives its ports if nobody says another. */
const DEFAULT_VLAN = 1;

/** What is there before ADD. */
export interface BridgeFacts {
  /** What has the bridge's name. */
  readonly bridge?: LinkFact;
  /** Whether the kernel has IPv6 at all. */
  readonly ipv6: boolean;
  /** The bridge takes routes that others advertise. */
  readonly acceptsRa?: boolean;
}

/** The bridge is there, up and as wished. @throws {CniError} 101 when its name is another device's */
export function planBridge(
  { bridge: name, promisc, vlan, trunk }: BridgeConf,
  facts: BridgeFacts,
  mac: Mac,
): readonly Op[] {
  const { bridge, ipv6, acceptsRa = false } = facts;
  if (bridge === undefined) {
    const filtering = vlan !== undefined || trunk !== undefined ? { data: { vlanFiltering: true } } : {};
    return [
      {
        do: "link.add",
        netns: HOST,
        // Its MTU follows that of its ports.
        link: { name, kind: "bridge", mac, ...(promisc && { promisc }), ...filtering },
      },
      ...(ipv6 ? routedRa(name) : []),
      upOp(name, HOST),
    ];
  }
  if (bridge.kind !== "bridge") throw noBridge(name, bridge);
  const set = { ...(promisc && bridge.promisc !== true && { promisc }), ...(!bridge.up && { up: true }) };
  const was = { ...(set.promisc && { promisc: false }), ...(set.up && { up: false }) };
  return [
    ...(acceptsRa ? [silentRa(name)] : []),
    ...(Object.keys(set).length > 0 ? [{ do: "link.set", netns: HOST, name, set, was } as const] : []),
  ];
}

function noBridge(name: IfName, { kind }: LinkFact): CniError {
  return new CniError(
    codes.exists,
    `cannot ADD: ${name} exists and is no bridge but ${kind === undefined ? "another device" : `a ${kind}`}`,
    "at bridge: choose another name, or delete that device",
  );
}

/** A pair of interfaces to be made. */
export interface Pair {
  readonly pod: IfName;
  readonly host: IfName;
  readonly alias: string;
  readonly podMac: Mac;
  readonly hostMac: Mac;
}

/** The pair, its host's end as port of the bridge. `defaultVlan` is what the bridge gives each port. */
export function planPair(
  conf: BridgeConf,
  pair: Pair,
  { ipv6 }: BridgeFacts,
  defaultVlan = DEFAULT_VLAN,
): readonly Op[] {
  const { mtu, hairpin, isolated, bridge, disabled } = conf;
  const { pod, host, alias, podMac, hostMac } = pair;
  const size = mtu === undefined ? {} : { mtu };
  const port = { ...(hairpin && { hairpin }), ...(isolated && { isolated }) };
  return [
    {
      do: "link.add",
      // From the host's side: its end is named after the attachment in the same call to the kernel, so that nothing nameless can stay.
      netns: HOST,
      link: { name: host, kind: "veth", peer: { netns: POD, name: pod }, mac: hostMac, alias, ...size },
      peer: { name: pod, kind: "veth", peer: { netns: HOST, name: host }, mac: podMac, ...size },
    },
    ...(ipv6 ? [silentRa(host)] : []),
    {
      do: "link.set",
      netns: HOST,
      name: host,
      set: { up: true, master: bridge, ...(Object.keys(port).length > 0 && { port }) },
      was: {},
    },
    ...planVlans(host, conf, defaultVlan),
    ...(disabled || !ipv6 ? [] : planDad(pod, conf.dad)),
  ];
}

/** The vids a new port has by default go first, unless they shall stay. */
function planVlans(dev: IfName, { vlan, trunk, preserveDefaultVlan }: BridgeConf, defaultVlan: number): readonly Op[] {
  if (vlan === undefined && trunk === undefined) return [];
  const add = (spec: PortVlanSpec): Op => ({ do: "vlan.add", netns: HOST, dev, vlan: spec });
  const untagged = { pvid: true, untagged: true };
  const gone = preserveDefaultVlan || defaultVlan === 0 ? [] : [defaultVlan];
  return [
    ...gone.map((vid): Op => ({ do: "vlan.delete", netns: HOST, dev, vlan: { vid } })),
    ...(vlan === undefined ? [] : [add({ vid: vlan, ...untagged })]),
    ...(trunk ?? []).map(add),
    // Without a VLAN of its own what is untagged belongs to the first.
    ...(vlan === undefined && trunk?.length ? [add({ vid: DEFAULT_VLAN, ...untagged })] : []),
  ];
}

function planDad(pod: IfName, dad: boolean): readonly Op[] {
  const set = (key: string, value: string): Op => wish(POD, deviceSysctl(6, pod, key), value);
  return dad ? [set("enhanced_dad", "1"), set("accept_dad", "1")] : [set("accept_dad", "0")];
}

/** What IPAM gave, with what the bridge adds to it. */
export interface Addressing {
  readonly ips: readonly IpConfig[];
  readonly routes: readonly Route[];
  /** Addresses of the bridge. */
  readonly gateways: readonly Prefix[];
}

/** Gateways and default routes where they are the bridge's to give. */
export function addressing({ isGateway, isDefaultGateway }: BridgeConf, { ips = [], routes = [] }: Result): Addressing {
  const gated = placed(ips, POD_PLACE).map((ip) =>
    isGateway && ip.gateway === undefined ? { ...ip, gateway: firstOf(ip.address) } : ip,
  );
  const all = [...routes];
  for (const { address, gateway } of isDefaultGateway ? gated : []) {
    const dst = parsePrefix(familyOf(address) === 6 ? "::/0" : "0.0.0.0/0");
    // One of IPAM's without a gateway goes by this one anyway.
    if (gateway === undefined || all.some((route) => route.dst === dst)) continue;
    all.push({ dst, gw: gateway });
  }
  const gateways = new Set<Prefix>();
  for (const { address, gateway } of isGateway ? gated : []) {
    if (gateway !== undefined) gateways.add(makePrefix(gateway, prefixLength(address)));
  }
  return { ips: gated, routes: all, gateways: [...gateways] };
}

/** The first address of a prefix. */
function firstOf(prefix: Prefix): Ip {
  const family = familyOf(prefix);
  return ipFromBigInt(family, ipToBigInt(prefixIp(networkOf(prefix))) + 1n);
}

/** The container's interface gets its addresses, or at least comes up. */
export function planPod(
  conf: BridgeConf,
  pod: IfName,
  addresses: Addressing | undefined,
  loopbackWithout6: boolean,
): readonly Op[] {
  if (conf.disabled) return [];
  if (addresses === undefined) return [upOp(pod)];
  const { ips, routes } = addresses;
  return planInterface({ ifname: pod, ips, routes, announce: true, dad: conf.dad, loopbackWithout6 });
}

/** Where the gateways' addresses are: the bridge, or with a VLAN a port of their own. */
export function gatewayDevice({ bridge, vlan }: BridgeConf): IfName {
  if (vlan === undefined) return bridge;
  const name = tryIfName(`${bridge}.${vlan}`);
  if (name !== undefined) return name;
  throw new CniError(
    codes.invalidConfig,
    `cannot ADD: ${bridge}.${vlan}, the gateway of VLAN ${vlan}, is too long for an interface name`,
    "at bridge: the kernel takes names of at most 15 bytes; choose a shorter one",
  );
}

/**
 * The device has the gateways' addresses. An IPv4 address of others, or an overlapping IPv6 one, gives way only by `forceAddress`.
 * @throws {CniError} 101 when it has another
 */
export function planGateways(
  { forceAddress }: BridgeConf,
  device: { readonly name: IfName; readonly addrs: readonly AddrFact[] },
  gateways: readonly Prefix[],
): readonly Op[] {
  const ops: Op[] = [];
  const has = new Set(device.addrs.map(({ prefix }) => prefix));
  for (const gateway of gateways) {
    if (has.has(gateway)) continue;
    for (const addr of device.addrs) {
      if (!isInTheWay(addr, gateway, gateways)) continue;
      if (!forceAddress) throw otherAddress(device.name, addr.prefix, gateway);
      ops.push({ do: "addr.delete", netns: HOST, dev: device.name, addr: { prefix: addr.prefix } });
    }
    // Another ADD may be giving it the same address now.
    ops.push({ do: "addr.add", netns: HOST, dev: device.name, addr: addrOf(gateway), replace: true });
  }
  return ops;
}

function isInTheWay({ prefix, scope }: AddrFact, gateway: Prefix, gateways: readonly Prefix[]): boolean {
  if (familyOf(prefix) !== familyOf(gateway) || gateways.includes(prefix)) return false;
  if (familyOf(gateway) === 4) return true;
  return scope !== "link" && (contains(prefix, prefixIp(gateway)) || contains(gateway, prefixIp(prefix)));
}

function otherAddress(dev: IfName, has: Prefix, gateway: Prefix): CniError {
  return new CniError(
    codes.exists,
    `cannot ADD: ${dev} has the address ${has} and shall be gateway ${gateway}`,
    `at isGateway: two networks cannot share ${dev} so; use another bridge or subnet, or set forceAddress to replace ${has}`,
  );
}

/** The VLAN's gateway: one end of a pair on the host, whose other end is a port. */
export function planGatewayPort(
  conf: BridgeConf,
  bridge: Pick<LinkFact, "mtu">,
  {
    name,
    port,
    mac,
    ipv6,
  }: { readonly name: IfName; readonly port: IfName; readonly mac: Mac; readonly ipv6: boolean },
  defaultVlan = DEFAULT_VLAN,
): readonly Op[] {
  const { trunk: _, ...plain } = conf;
  return [
    {
      do: "link.add",
      netns: HOST,
      link: { name, kind: "veth", peer: { netns: HOST, name: port }, mac, mtu: bridge.mtu },
      peer: { name: port, kind: "veth", peer: { netns: HOST, name }, mtu: bridge.mtu },
    },
    ...(ipv6 ? [silentRa(port)] : []),
    { do: "link.set", netns: HOST, name: port, set: { up: true, master: conf.bridge }, was: {} },
    ...planVlans(port, plain, defaultVlan),
    upOp(name, HOST),
  ];
}

/** Bridges follow the lowest address of their ports unless they were given their own: one that is a gateway keeps it. */
export function planPinned({ bridge, isGateway }: BridgeConf, { mac }: Pick<LinkFact, "mac">): readonly Op[] {
  if (!isGateway || mac === undefined) return [];
  return [{ do: "link.set", netns: HOST, name: bridge, set: { mac }, was: {} }];
}

/**
 * The container's addresses are announced (gratuitous ARP, unsolicited advertisements), so that neighbours who knew them elsewhere
 * learn better. What the kernel sends when the link comes up is lost: the bridge lets nothing through a port until it has noticed
 * that it works. A new hardware address is announced too, also when it is the old one (dev_set_mac_address).
 */
export function planAnnouncement({ pod, podMac }: Pair): readonly Op[] {
  return [{ do: "link.set", netns: POD, name: pod, set: { mac: podMac }, was: {} }];
}
