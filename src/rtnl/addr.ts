import { type MessageKind, NLM_F, type Query, type Request, query, request } from "../netlink/index.ts";
import { type Ip, type Prefix, makePrefix, prefixIp, prefixLength } from "../values/index.ts";
import { type GetAttrs, type GetOf, type SetAttrs, attrs, choice, ip, s32, struct, u32, u8 } from "../wire/index.ts";
import { fact } from "./_absent.ts";
import { ifname } from "./_name.ts";
import { AF, familyNumber } from "./family.ts";
import { type Scope, scope } from "./scope.ts";

/** `struct ifaddrmsg` of linux/if_addr.h. */
const ifaddrmsg = struct({ family: u8, prefixLength: u8, flags: u8, scope, index: u32 });

/** `struct ifa_cacheinfo`; the stamps are in 1/100 s. */
const cacheInfo = struct({ preferred: u32, valid: u32, created: u32, updated: u32 });

/** `IFA_*` of linux/if_addr.h. */
const table = {
  /** The address; on point-to-point links the other end's. */
  address: [1, ip], // IFA_ADDRESS
  local: [2, ip], // IFA_LOCAL
  label: [3, ifname], // IFA_LABEL
  broadcast: [4, ip], // IFA_BROADCAST
  anycast: [5, ip], // IFA_ANYCAST
  cacheInfo: [6, cacheInfo], // IFA_CACHEINFO
  multicast: [7, ip], // IFA_MULTICAST
  /** Takes the place of the header's eight bits. */
  flags: [8, u32], // IFA_FLAGS
  routePriority: [9, u32], // IFA_RT_PRIORITY
  targetNetnsId: [10, s32], // IFA_TARGET_NETNSID
  protocol: [11, choice(u8, { unspec: 0, "kernel-lo": 1, "kernel-ra": 2, "kernel-ll": 3 })], // IFA_PROTO
} as const;

export type AddrAttrs = GetAttrs<typeof table>;
export type AddrHeader = GetOf<typeof ifaddrmsg>;

function kind(name: string, type: number): MessageKind<AddrHeader, AddrAttrs, SetAttrs<typeof table>> {
  return { name, type, header: ifaddrmsg, attrs: codec };
}

const codec = attrs(table);
/** RTM_NEWADDR. */
export const newaddr = kind("newaddr", 20);
/** RTM_DELADDR. */
export const deladdr = kind("deladdr", 21);
/** RTM_GETADDR. */
export const getaddr = kind("getaddr", 22);

/** Bits of an address's flags: `IFA_F_*` of linux/if_addr.h. */
const F = {
  secondary: 0x1,
  noDad: 0x2,
  optimistic: 0x4,
  dadFailed: 0x8,
  homeAddress: 0x10,
  deprecated: 0x20,
  tentative: 0x40,
  permanent: 0x80,
  manageTempAddr: 0x100,
  noPrefixRoute: 0x200,
  mcAutoJoin: 0x400,
  stablePrivacy: 0x800,
} as const;

/** What is true of an address. `secondary` means `temporary` in IPv6. */
export type AddrFlag = keyof typeof F;

/** INFINITY_LIFE_TIME of net/addrconf.h. */
const FOREVER = 0xffff_ffff;

/** An address to be given to a link. */
export interface AddrAdd {
  /** Of the link. */
  readonly index: number;
  /** The address and the length of its network; with `peer`, of the peer's. */
  readonly prefix: Prefix;
  /** The other end of a point-to-point link. */
  readonly peer?: Ip;
  /** None is set unless given. */
  readonly broadcast?: Ip;
  readonly label?: string;
  /** `universe` if absent. */
  readonly scope?: Scope;
  /** No duplicate address detection (IPv6): usable at once. */
  readonly noDad?: boolean;
  /** The kernel makes no route to the prefix. */
  readonly noPrefixRoute?: boolean;
  /** Metric of the prefix route. */
  readonly routePriority?: number;
  /** Seconds; for ever if absent. */
  readonly valid?: number;
  /** Seconds; for ever if absent. */
  readonly preferred?: number;
  /** Change it if it is there, instead of failing with EEXIST. */
  readonly replace?: boolean;
}

/** Gives a link an address. RTM_NEWADDR. */
export function addAddr(spec: AddrAdd): Request {
  const { index, prefix, valid, preferred } = spec;
  const flags = (spec.noDad === true ? F.noDad : 0) | (spec.noPrefixRoute === true ? F.noPrefixRoute : 0);
  const limited = valid !== undefined || preferred !== undefined;
  const values = {
    ...addresses(spec),
    broadcast: spec.broadcast,
    label: spec.label,
    flags: flags > 0xff ? flags : undefined,
    routePriority: spec.routePriority,
    cacheInfo: limited
      ? { preferred: preferred ?? valid ?? FOREVER, valid: valid ?? FOREVER, created: 0, updated: 0 }
      : undefined,
  };
  const header = { ...headerOf(spec), flags: flags > 0xff ? 0 : flags, scope: spec.scope ?? "universe" };
  const mode = spec.replace === true ? NLM_F.REPLACE : NLM_F.EXCL;
  return request(newaddr, NLM_F.CREATE | mode, header, values, `add address ${prefix} to link ${index}`);
}

/** Takes an address from a link; EADDRNOTAVAIL if it is not there. RTM_DELADDR. */
export function delAddr(spec: { readonly index: number; readonly prefix: Prefix; readonly peer?: Ip }): Request {
  const doing = `delete address ${spec.prefix} from link ${spec.index}`;
  return request(deladdr, 0, headerOf(spec), addresses(spec), doing);
}

type Key = Parameters<typeof delAddr>[0];

function headerOf({ index, prefix }: Key): AddrHeader {
  const family = familyNumber(prefix);
  return { family, prefixLength: prefixLength(prefix), flags: 0, scope: "universe", index };
}

function addresses({ prefix, peer }: Key) {
  const local = prefixIp(prefix);
  return { local, address: peer ?? local };
}

/** The addresses of all links or one. RTM_GETADDR, a dump. */
export function listAddrs(filter: { readonly family?: 4 | 6; readonly index?: number } = {}): Query<Addr> {
  const family = filter.family === undefined ? AF.UNSPEC : filter.family === 4 ? AF.INET : AF.INET6;
  const header: AddrHeader = { family, prefixLength: 0, flags: 0, scope: "universe", index: filter.index ?? 0 };
  return query(request(getaddr, 0, header, {}, "list addresses"), newaddr, readAddr);
}

/** An address of a link as the kernel reports it. */
export interface Addr {
  /** Of the link. */
  readonly index: number;
  readonly prefix: Prefix;
  readonly peer?: Ip;
  readonly broadcast?: Ip;
  readonly label?: string;
  readonly scope: Scope | number;
  readonly flags: readonly AddrFlag[];
  readonly routePriority?: number;
  /** Who put it there. */
  readonly protocol?: NonNullable<AddrAttrs["protocol"]>;
  /** Seconds left; absent for ever. */
  readonly valid?: number;
  /** Seconds left; absent for ever. */
  readonly preferred?: number;
}

/** A fact from an address message; `undefined` for multicast and anycast ones. */
export function readAddr(header: AddrHeader, values: AddrAttrs): Addr | undefined {
  const address = values.local ?? values.address;
  if (address === undefined) return undefined;
  const bits = values.flags ?? header.flags;
  const names = Object.keys(F) as AddrFlag[];
  return fact<Addr>({
    index: header.index,
    prefix: makePrefix(address, header.prefixLength),
    peer: values.address === address ? undefined : values.address,
    broadcast: values.broadcast,
    label: values.label,
    scope: header.scope,
    flags: names.filter((name) => (bits & F[name]) !== 0),
    routePriority: values.routePriority,
    protocol: values.protocol,
    valid: finite(values.cacheInfo?.valid),
    preferred: finite(values.cacheInfo?.preferred),
  });
}

function finite(seconds: number | undefined): number | undefined {
  return seconds === FOREVER ? undefined : seconds;
}
