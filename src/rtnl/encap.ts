import {
  type AnyCodec,
  type GetOf,
  type SetOf,
  attrs,
  be16,
  be64,
  choice,
  dependent,
  ip4,
  ip6,
  raw,
  s32,
  u16,
  u32,
  u8,
} from "../wire/index.ts";

/** RTA_ENCAP_TYPE: `LWTUNNEL_ENCAP_*` of linux/lwtunnel.h. */
export const encapType = choice(u16, {
  none: 0,
  mpls: 1,
  ip: 2,
  ila: 3,
  ip6: 4,
  seg6: 5,
  bpf: 6,
  "seg6-local": 7,
  rpl: 8,
  ioam6: 9,
  xfrm: 10,
});

/** `LWTUNNEL_IP_*`. */
const ipEncap = attrs(() => ({
  /** Tunnel id, a VNI for vxlan. */
  id: [1, be64], // LWTUNNEL_IP_ID
  dst: [2, ip4], // LWTUNNEL_IP_DST
  src: [3, ip4], // LWTUNNEL_IP_SRC
  ttl: [4, u8], // LWTUNNEL_IP_TTL
  tos: [5, u8], // LWTUNNEL_IP_TOS
  /** TUNNEL_* bits of linux/if_tunnel.h. */
  flags: [6, be16], // LWTUNNEL_IP_FLAGS
  options: [8, raw], // LWTUNNEL_IP_OPTS
}));

/** `LWTUNNEL_IP6_*`. */
const ip6Encap = attrs(() => ({
  id: [1, be64], // LWTUNNEL_IP6_ID
  dst: [2, ip6], // LWTUNNEL_IP6_DST
  src: [3, ip6], // LWTUNNEL_IP6_SRC
  ttl: [4, u8], // LWTUNNEL_IP6_HOPLIMIT
  tos: [5, u8], // LWTUNNEL_IP6_TC
  flags: [6, be16], // LWTUNNEL_IP6_FLAGS
  options: [8, raw], // LWTUNNEL_IP6_OPTS
}));

/** The encapsulations with a table; the others keep their bytes. */
const tables = {
  ip: ipEncap,
  ip6: ip6Encap,
  mpls: attrs(() => ({
    dst: [1, raw], // MPLS_IPTUNNEL_DST
    ttl: [2, u8], // MPLS_IPTUNNEL_TTL
  })),
  seg6: attrs(() => ({
    srh: [1, raw], // SEG6_IPTUNNEL_SRH
  })),
  xfrm: attrs(() => ({
    ifId: [1, u32], // LWT_XFRM_IF_ID
    link: [2, s32], // LWT_XFRM_LINK
  })),
} as const;

type Tables = (typeof tables)[keyof typeof tables];

/** RTA_ENCAP, whose table depends on RTA_ENCAP_TYPE. */
export const encapData = dependent<GetOf<Tables> | Uint8Array, SetOf<Tables> | Uint8Array>(
  "encapType",
  (type): AnyCodec =>
    typeof type === "string" && Object.hasOwn(tables, type) ? tables[type as keyof typeof tables] : raw,
);

/** How packets of a route are wrapped (`ip route … encap`), linux/lwtunnel.h. */
export type Encap =
  | { readonly [K in keyof typeof tables]: { readonly type: K } & GetOf<(typeof tables)[K]> }[keyof typeof tables]
  | { readonly type: "other"; readonly otherType: string | number; readonly data: Uint8Array };

interface EncapRows {
  readonly encapType?: GetOf<typeof encapType>;
  readonly encap?: GetOf<Tables> | Uint8Array;
}

/** The rows of a route or nexthop for an encapsulation. */
export function encapRows(encap: Encap | undefined): EncapRows {
  if (encap === undefined) return {};
  if (encap.type === "other") return { encapType: encap.otherType as GetOf<typeof encapType>, encap: encap.data };
  const { type, ...data } = encap;
  return { encapType: type, encap: data };
}

/** The encapsulation in the rows of a route or nexthop. */
export function readEncap({ encapType: type, encap: data }: EncapRows): Encap | undefined {
  if (type === undefined || type === "none") return undefined;
  if (data instanceof Uint8Array || data === undefined) {
    return { type: "other", otherType: type, data: data ?? new Uint8Array() };
  }
  // The table was chosen by the type, so the data are of that type.
  return { type, ...data } as Encap;
}
