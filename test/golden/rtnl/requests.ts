/** What our builders make of each captured command, written from the command's words. ip's own defaults are spelled out. */
import {
  GRE_FLAG,
  IP6_TNL_F,
  MACVLAN_FLAG,
  VLAN_FLAG,
  addAddr,
  addAltName,
  addBridgeVlan,
  addLink,
  addRedirect,
  addRoute,
  addRule,
  delAddr,
  delAltName,
  delBridgeVlan,
  delFdb,
  delLink,
  delNeigh,
  delQdisc,
  delRoute,
  delRule,
  getNsid,
  handle,
  lookupRoute,
  putFdb,
  putHtbClass,
  putNeigh,
  putQdisc,
  putRoute,
  setLink,
  setNsid,
} from "../../../src/rtnl/index.ts";
import type { Request } from "../../../src/netlink/index.ts";
import { type Ip, parseIp, parseMac, parsePrefix } from "../../../src/values/index.ts";

const ip = (text: string): Ip => parseIp(text);
const net = parsePrefix;
const mac = (last: number) => parseMac(`02:00:00:00:00:${last.toString(16).padStart(2, "0")}`);

/** Indexes in the scratch namespaces of scripts/capture-rtnl.ts. */
const [b0, a0, br0, vx0] = [2, 3, 4, 5];
const noEncap = { encapType: "none", encapFlags: 0, encapSport: 0, encapDport: 0 } as const;
/** TUNNEL_ENCAP_FLAG_CSUM6, ip's default over IPv6. */
const noEncap6 = { ...noEncap, encapFlags: 2 } as const;
const tunnel4 = { proto: 0, pmtuDisc: 1, tos: 0, ttl: 0, fwMark: 0, ...noEncap } as const;
const db8 = { local: ip("2001:db8::1"), remote: ip("2001:db8::2") } as const;
const test4 = { local: ip("192.0.2.1"), remote: ip("192.0.2.2") } as const;

const links: readonly (() => Request)[] = [
  () => addLink({ kind: "veth", name: "v0", mtu: 1400, mac: mac(1), peer: { name: "v1", mac: mac(2), mtu: 1400 } }),
  () => addLink({ kind: "veth", name: "v0", peer: { name: "v1", netnsFd: 4 } }),
  () =>
    addLink({
      kind: "veth",
      name: "v0",
      netnsFd: 4,
      txQueueLen: 100,
      numTxQueues: 2,
      numRxQueues: 3,
      peer: { name: "v1" },
    }),
  () => addLink({ kind: "bridge", name: "br9" }),
  () =>
    addLink({
      kind: "bridge",
      name: "br9",
      data: {
        forwardDelay: 1500,
        helloTime: 200,
        maxAge: 2000,
        ageingTime: 30000,
        stpState: 1,
        priority: 4096,
        vlanFiltering: true,
        vlanProtocol: "802.1ad",
        groupFwdMask: 8,
        groupAddr: parseMac("01:80:c2:00:00:0c"),
        vlanDefaultPvid: 7,
        vlanStatsEnabled: true,
        vlanStatsPerPort: true,
        mcastRouter: 2,
        mcastSnooping: false,
        mcastQueryUseIfaddr: true,
        mcastQuerier: true,
        mcastHashElasticity: 16,
        mcastHashMax: 512,
        mcastLastMemberCount: 3,
        mcastStartupQueryCount: 4,
        mcastLastMemberInterval: 101n,
        mcastMembershipInterval: 26001n,
        mcastQuerierInterval: 25501n,
        mcastQueryInterval: 12501n,
        mcastQueryResponseInterval: 1001n,
        mcastStartupQueryInterval: 3126n,
        mcastStatsEnabled: true,
        mcastIgmpVersion: 3,
        mcastMldVersion: 2,
        nfCallIptables: true,
        nfCallIp6tables: false,
        nfCallArptables: true,
        // BR_BOOLOPT_NO_LL_LEARN on, BR_BOOLOPT_MCAST_VLAN_SNOOPING off
        multiBoolOpt: { value: 0b01, mask: 0b11 },
      },
    }),
  () =>
    addLink({
      kind: "vxlan",
      name: "vx9",
      lower: a0,
      data: {
        id: 100,
        group: ip("192.0.2.9"),
        local: ip("192.0.2.1"),
        ttl: 64,
        tos: 0x16,
        label: 5,
        df: "set",
        ageing: 300,
        limit: 1000,
        portRange: [32768, 61000],
        port: 4789,
        learning: false,
        proxy: true,
        rsc: true,
        l2miss: true,
        l3miss: true,
        udpCsum: false,
        udpZeroCsum6Tx: true,
        udpZeroCsum6Rx: true,
      },
    }),
  () =>
    addLink({
      kind: "vxlan",
      name: "vx9",
      lower: a0,
      data: {
        id: 100,
        group6: ip("ff05::100"),
        local6: ip("2001:db8::1"),
        ttlInherit: true,
        port: 8472,
        gbp: true,
        learning: true,
      },
    }),
  () =>
    addLink({
      kind: "vxlan",
      name: "vx9",
      data: { collectMetadata: true, vniFilter: true, port: 4789, gpe: true, learning: false },
    }),
  () => addLink({ kind: "macvlan", name: "mv0", lower: a0, data: { mode: "bridge" } }),
  () => addLink({ kind: "macvlan", name: "mv0", lower: a0, data: { mode: "private" } }),
  () => addLink({ kind: "macvlan", name: "mv0", lower: a0, data: { mode: "vepa" } }),
  () =>
    addLink({
      kind: "macvlan",
      name: "mv0",
      lower: a0,
      data: { mode: "passthru", flags: MACVLAN_FLAG.NOPROMISC, bcQueueLen: 2000 },
    }),
  () =>
    setLink(
      { index: 6 },
      { kindData: { kind: "macvlan", data: { macAddrMode: "set", macAddrData: [mac(1), mac(2)] } } },
    ),
  () => addLink({ kind: "ipvlan", name: "iv0", lower: a0, data: { mode: "l2", flags: "bridge" } }),
  () => addLink({ kind: "ipvlan", name: "iv0", lower: a0, data: { mode: "l2", flags: "private" } }),
  () => addLink({ kind: "ipvlan", name: "iv0", lower: a0, data: { mode: "l2", flags: "vepa" } }),
  () => addLink({ kind: "ipvlan", name: "iv0", lower: a0, data: { mode: "l3", flags: "bridge" } }),
  () => addLink({ kind: "ipvlan", name: "iv0", lower: a0, data: { mode: "l3", flags: "private" } }),
  () => addLink({ kind: "ipvlan", name: "iv0", lower: a0, data: { mode: "l3", flags: "vepa" } }),
  () => addLink({ kind: "ipvlan", name: "iv0", lower: a0, data: { mode: "l3s", flags: "bridge" } }),
  () => addLink({ kind: "ipvlan", name: "iv0", lower: a0, data: { mode: "l3s", flags: "private" } }),
  () => addLink({ kind: "ipvlan", name: "iv0", lower: a0, data: { mode: "l3s", flags: "vepa" } }),
  () =>
    addLink({
      kind: "vlan",
      name: "vl0",
      lower: a0,
      data: {
        id: 100,
        protocol: "802.1ad",
        flags: { flags: VLAN_FLAG.GVRP, mask: VLAN_FLAG.REORDER_HDR | VLAN_FLAG.GVRP },
        ingressQos: [{ from: 1, to: 2 }],
        egressQos: [
          { from: 3, to: 4 },
          { from: 5, to: 6 },
        ],
      },
    }),
  () => addLink({ kind: "dummy", name: "du0" }),
  () => addLink({ kind: "ifb", name: "if0" }),
  () => addLink({ kind: "vrf", name: "vrf0", data: { table: 10 } }),
  () =>
    addLink({
      kind: "ip6tnl",
      name: "t0",
      lower: a0,
      data: {
        ...db8,
        ttl: 63,
        flags: IP6_TNL_F.IGN_ENCAP_LIMIT,
        encapLimit: 4,
        proto: 0,
        flowInfo: 0,
        fwMark: 0,
        ...noEncap6,
      },
    }),
  () => addLink({ kind: "ip6tnl", name: "t0", data: { proto: 0, collectMetadata: true } }),
  () => addLink({ kind: "ipip", name: "t0", data: { proto: 0, collectMetadata: true } }),
  () => addLink({ kind: "sit", name: "t0", data: { proto: 0, collectMetadata: true } }),
  () => addLink({ kind: "gre", name: "t0", data: { collectMetadata: true } }),
  () => addLink({ kind: "ip6gre", name: "t0", data: { collectMetadata: true } }),
  () => addLink({ kind: "ip6gretap", name: "t0", data: { collectMetadata: true } }),
  () => addLink({ kind: "ipip", name: "t0", lower: a0, data: { ...tunnel4, ...test4, ttl: 63, tos: 8 } }),
  () =>
    addLink({
      kind: "ipip",
      name: "t0",
      data: { ...tunnel4, ...test4, link: 0, encapType: "fou", encapFlags: 1, encapSport: 5555, encapDport: 6666 },
    }),
  () =>
    addLink({
      kind: "sit",
      name: "t0",
      data: {
        ...tunnel4,
        local: ip("192.0.2.1"),
        link: 0,
        flags: 1,
        sixRdPrefix: ip("2001:db8::"),
        sixRdPrefixLength: 32,
        sixRdRelayPrefix: ip("192.0.2.0"),
        sixRdRelayPrefixLength: 24,
      },
    }),
  () =>
    addLink({
      kind: "gre",
      name: "t0",
      data: {
        ...test4,
        iKey: 7,
        oKey: 7,
        iFlags: GRE_FLAG.KEY | GRE_FLAG.CSUM | GRE_FLAG.SEQ,
        oFlags: GRE_FLAG.KEY | GRE_FLAG.CSUM | GRE_FLAG.SEQ,
        pmtuDisc: 1,
        tos: 0,
        ttl: 63,
        fwMark: 0,
        ...noEncap,
      },
    }),
  () => addLink({ kind: "gretap", name: "t0", data: { collectMetadata: true } }),
  () =>
    addLink({
      kind: "ip6gre",
      name: "t0",
      data: {
        ...db8,
        iKey: 8,
        oKey: 9,
        iFlags: GRE_FLAG.KEY,
        oFlags: GRE_FLAG.KEY,
        ttl: 64,
        encapLimit: 3,
        flowInfo: 0x12345,
        flags: 0,
        fwMark: 0,
        erspanVersion: 1,
        ...noEncap6,
      },
    }),
  () =>
    addLink({
      kind: "ip6gretap",
      name: "t0",
      lower: a0,
      data: {
        ...db8,
        iKey: 0,
        oKey: 0,
        iFlags: 0,
        oFlags: 0,
        ttl: 64,
        encapLimit: 4,
        flowInfo: 0,
        flags: 0,
        fwMark: 0,
        erspanVersion: 1,
        ...noEncap6,
      },
    }),
  () =>
    addLink({
      kind: "geneve",
      name: "g0",
      data: { id: 77, remote: ip("192.0.2.2"), ttl: 5, tos: 4, df: "inherit", port: 6081, udpCsum: true, label: 0 },
    }),
  () =>
    addLink({
      kind: "geneve",
      name: "g0",
      data: {
        id: 77,
        remote6: ip("2001:db8::2"),
        ttlInherit: true,
        label: 9,
        udpZeroCsum6Tx: true,
        udpZeroCsum6Rx: false,
        ttl: 0,
        tos: 0,
      },
    }),
  () =>
    addLink({
      kind: "geneve",
      name: "g0",
      data: { collectMetadata: true, innerProtoInherit: true, id: 0, label: 0, ttl: 0, tos: 0 },
    }),
  () => addLink({ kind: "bridge", name: "br9", master: 6 }),
  () => setLink({ index: a0 }, { up: true, mtu: 1300, mac: mac(0x0c), txQueueLen: 500 }),
  () => setLink({ index: a0 }, { up: false, arp: false, promisc: true, allmulti: false }),
  () => setLink({ index: a0 }, { name: "eth7" }),
  () => setLink({ index: a0 }, { alias: "owned-by-netloom" }),
  () => setLink({ index: a0 }, { addrGenMode: "none" }),
  () => setLink({ index: a0 }, { master: br0 }),
  () => setLink({ index: a0 }, { master: 0 }),
  () => setLink({ index: a0 }, { group: 5 }),
  () => setLink({ index: a0 }, { netnsFd: 4 }),
  () => setLink({ index: br0 }, { kindData: { kind: "bridge", data: { ageingTime: 0, fdbFlush: true } } }),
  () =>
    setLink(
      { index: a0 },
      {
        port: {
          state: "forwarding",
          priority: 16,
          cost: 7,
          hairpin: true,
          bpduGuard: true,
          rootBlock: true,
          fastLeave: true,
          learning: false,
          flood: false,
          proxyArp: true,
          proxyArpWifi: true,
          mcastRouter: 1,
          mcastFlood: false,
          bcastFlood: false,
          mcastToUnicast: true,
          groupFwdMask: 8,
          neighSuppress: true,
          vlanTunnel: true,
          isolated: true,
          locked: true,
          backupPort: b0,
          flush: true,
        },
      },
    ),
  () => addAltName({ index: a0 }, "a-very-long-name-of-an-interface"),
  () => delAltName({ index: a0 }, "another"),
  () => delLink({ index: a0 }),
];

const a0v6 = { index: a0, prefix: net("2001:db8::5/64") } as const;

const addrs: readonly (() => Request)[] = [
  () => addAddr({ index: a0, prefix: net("10.1.2.3/24") }),
  () => addAddr({ index: a0, prefix: net("10.1.2.3/32"), peer: ip("10.1.2.4") }),
  () => addAddr({ index: a0, prefix: net("10.1.2.3/24"), broadcast: ip("10.1.2.255"), label: "a0:1", scope: "link" }),
  () => addAddr({ ...a0v6, noDad: true, replace: true }),
  () => addAddr({ ...a0v6, noDad: true, noPrefixRoute: true, routePriority: 512 }),
  () => addAddr({ ...a0v6, valid: 3600, preferred: 1800 }),
  () => delAddr({ index: a0, prefix: net("192.0.2.1/24") }),
];

const dst = net("10.2.0.0/16");
const dst6 = net("2001:db8:2::/48");
const gateway = ip("192.0.2.2");
const gateway6 = ip("2001:db8::2");
const protocol = "boot";

const routes: readonly (() => Request)[] = [
  () => addRoute({ dst, gateway, oif: a0, protocol }),
  () => putRoute({ dst: net("0.0.0.0/0"), gateway, protocol }),
  () => addRoute({ dst, oif: a0, protocol: "kernel", prefSrc: ip("192.0.2.1"), metric: 100 }),
  () =>
    putRoute({
      dst,
      gateway: ip("198.51.100.1"),
      oif: a0,
      onlink: true,
      metrics: { mtu: 1400, advmss: 1360, initCwnd: 20 },
      table: 1000,
      protocol,
    }),
  () =>
    addRoute({
      dst,
      multipath: [
        { gateway, oif: a0, weight: 1 },
        { gateway: ip("198.51.100.1"), oif: b0, weight: 5, onlink: true },
      ],
      protocol,
    }),
  () =>
    addRoute({
      dst,
      oif: vx0,
      encap: { type: "ip", id: 7n, dst: ip("198.51.100.9"), src: ip("192.0.2.1"), ttl: 9 },
      protocol,
    }),
  () =>
    addRoute({ dst: dst6, oif: vx0, encap: { type: "ip6", id: 7n, dst: ip("2001:db8::9"), ttl: 9, tos: 3 }, protocol }),
  // Label 100, bottom of stack (RFC 3032)
  () => addRoute({ dst, gateway, oif: a0, encap: { type: "mpls", dst: new Uint8Array([0, 6, 0x41, 0]) }, protocol }),
  () => addRoute({ dst, gateway: gateway6, oif: a0, protocol }),
  () => addRoute({ dst, type: "blackhole", protocol }),
  () => addRoute({ dst, type: "unreachable", metric: 4278198272, table: 200, protocol }),
  () => addRoute({ dst: dst6, gateway: gateway6, oif: a0, metric: 50, pref: "high", expires: 600, protocol }),
  () => putRoute({ dst: net("::/0"), gateway: ip("fe80::1"), oif: a0, protocol }),
  () => addRoute({ dst: dst6, src: net("2001:db8:1::/48"), gateway: gateway6, oif: a0, protocol }),
  () => addRoute({ dst: net("10.9.9.9/32"), type: "local", oif: a0, table: 255, protocol }),
  () => delRoute({ dst, gateway, oif: a0 }),
  () => delRoute({ dst: dst6 }),
  () => lookupRoute({ dst: ip("10.2.0.1"), src: ip("192.0.2.1"), oif: a0, mark: 5 }).request,
];

const rules: readonly (() => Request)[] = [
  () => addRule({ family: 4, from: net("10.0.0.0/8"), to: net("10.1.0.0/16"), table: 100, priority: 50 }),
  () => addRule({ family: 4, mark: 0x10, mask: 0xff, iif: "a0", oif: "b0", table: 1000, priority: 60 }),
  () => addRule({ family: 6, from: net("2001:db8::/32"), table: 100, suppressPrefixLength: 0, priority: 70 }),
  () => addRule({ family: 4, not: true, from: net("10.0.0.0/8"), action: "prohibit", priority: 80 }),
  () => addRule({ family: 4, l3mdev: true, priority: 90, protocol: "kernel" }),
  () =>
    addRule({
      family: 4,
      ipProto: 6,
      sportRange: [10, 20],
      dportRange: [80, 80],
      uidRange: [1, 2],
      action: "goto",
      goto: 32766,
      priority: 100,
    }),
  () => delRule({ family: 4, priority: 50, table: 100 }),
];

const neighs: readonly (() => Request)[] = [
  () => putNeigh({ index: a0, ip: ip("192.0.2.7"), mac: mac(7) }),
  () => putNeigh({ index: a0, ip: ip("2001:db8::7"), mac: mac(7), state: "reachable", router: true }),
  () => putNeigh({ index: a0, ip: ip("192.0.2.8"), proxy: true }),
  () => putNeigh({ index: a0, ip: ip("192.0.2.7"), mac: mac(7), state: "noarp", externLearned: true }),
  () => delNeigh({ index: a0, ip: ip("192.0.2.7") }),
];

const remote = ip("198.51.100.9");

const fdbs: readonly (() => Request)[] = [
  () => putFdb({ index: vx0, mac: mac(9), dst: remote }),
  () =>
    putFdb({
      index: vx0,
      mac: parseMac("00:00:00:00:00:00"),
      dst: ip("2001:db8::9"),
      vni: 51,
      port: 4790,
      viaIndex: a0,
      append: true,
    }),
  () => putFdb({ index: a0, mac: mac(9), table: "master", life: "static", vlan: 7, sticky: true }),
  () => putFdb({ index: a0, mac: mac(9), table: "master", life: "dynamic", externLearned: true }),
  () => putFdb({ index: vx0, mac: mac(9), dst: remote, srcVni: 900, life: "static" }),
  () => delFdb({ index: vx0, mac: mac(9), dst: remote }),
];

const KB = 1024;

const qdiscs: readonly (() => Request)[] = [
  () => putQdisc({ index: a0, kind: "tbf", rate: 1_250_000, burst: 32 * KB, latency: 50_000 }),
  () => putQdisc({ index: a0, handle: handle(1), kind: "tbf", rate: 5e9, burst: 10 * KB * KB, limit: 20 * KB * KB }),
  () =>
    putQdisc({
      index: a0,
      kind: "netem",
      delay: 10_000,
      jitter: 2_000,
      loss: 0.01,
      duplicate: 0.02,
      reorder: 0.25,
      corrupt: 0.001,
      rate: 125_000,
      limit: 500,
    }),
  () => putQdisc({ index: a0, kind: "netem" }),
  () =>
    putQdisc({
      index: a0,
      kind: "fq_codel",
      limit: 1000,
      flows: 64,
      quantum: 300,
      target: 5_000,
      interval: 100_000,
      ecn: 1,
      memoryLimit: KB * KB,
      ceThreshold: 1_000,
    }),
  () => putQdisc({ index: a0, handle: handle(1), kind: "htb", defaultClass: 0x10 }),
  () =>
    putHtbClass({
      index: a0,
      parent: handle(1),
      handle: handle(1, 0x10),
      rate: 1_000_000,
      ceil: 2_000_000,
      burst: 15 * KB,
      ceilBurst: 16 * KB,
      priority: 3,
    }),
  () => putHtbClass({ index: a0, parent: handle(1), handle: handle(1, 0x11), rate: 1_000_000 }),
  () => putQdisc({ index: a0, kind: "ingress" }),
  () => delQdisc({ index: a0 }),
];

/** Messages of AF_BRIDGE. */
export const bridgeVlans: readonly (() => Request)[] = [
  () => addBridgeVlan({ index: a0, vid: 10, pvid: true, untagged: true, table: "master" }),
  () => addBridgeVlan({ index: br0, vid: 20, last: 30, table: "self" }),
  () => delBridgeVlan({ index: a0, vid: 10 }),
];

const filters: readonly (() => Request)[] = [() => addRedirect({ index: a0, to: b0 })];

const nsids: readonly (() => Request)[] = [() => setNsid(6, 5), () => getNsid(6).request];

/** By the name of the file of captures, in its order. */
export const requests = {
  link: links,
  addr: addrs,
  route: routes,
  rule: rules,
  neigh: neighs,
  fdb: fdbs,
  qdisc: qdiscs,
  filter: filters,
  nsid: nsids,
} as const;
