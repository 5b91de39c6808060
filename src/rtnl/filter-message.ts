import type { MessageKind } from "../netlink/index.ts";
import {
  type AnyCodec,
  type Codec,
  type GetAttrs,
  type GetOf,
  type SetAttrs,
  type SetOf,
  attrs,
  be16,
  be32,
  choice,
  cstr,
  dependent,
  list,
  packed,
  pad,
  raw,
  s32,
  struct,
  u16,
  u32,
  u8,
} from "../wire/index.ts";
import { type QdiscHeader, tcmsg } from "./qdisc-message.ts";

/** `struct tc_mirred` of linux/tc_act/tc_mirred.h, after `tc_gen` of linux/pkt_cls.h. */
const mirredParms = struct({
  index: u32,
  capab: u32,
  /** TC_ACT_*: what becomes of the packet here. */
  action: choice(s32, { ok: 0, pipe: 3, stolen: 4 }),
  refs: s32,
  binds: s32,
  does: choice(s32, { egressRedirect: 1, egressMirror: 2, ingressRedirect: 3, ingressMirror: 4 }),
  ifindex: u32,
});

/** `TCA_MIRRED_*`. */
const mirred = attrs({
  times: [1, raw], // TCA_MIRRED_TM
  parms: [2, mirredParms], // TCA_MIRRED_PARMS
});

/** TCA_ACT_OPTIONS by TCA_ACT_KIND; other kinds keep their bytes. */
const actionOptions = (kind: unknown): AnyCodec => (kind === "mirred" ? mirred : raw);

/** `TCA_ACT_*` of linux/pkt_cls.h. */
const action = attrs({
  kind: [1, cstr], // TCA_ACT_KIND
  options: [2, dependent<GetOf<typeof mirred> | Uint8Array, SetOf<typeof mirred> | Uint8Array>("kind", actionOptions)],
  index: [3, u32], // TCA_ACT_INDEX
  stats: [4, raw], // TCA_ACT_STATS
  cookie: [6, raw], // TCA_ACT_COOKIE
  flags: [7, raw], // TCA_ACT_FLAGS
  hardwareStats: [8, raw], // TCA_ACT_HW_STATS
  usedHardwareStats: [9, raw], // TCA_ACT_USED_HW_STATS
  inHardware: [10, u32], // TCA_ACT_IN_HW_COUNT
});

/** `struct tc_u32_sel` of linux/pkt_cls.h without its keys. */
const selectorHead = struct({
  /** TC_U32_*: 1 is terminal. */
  flags: u8,
  offsetShift: u8,
  keys: u8,
  pad: pad(1),
  offsetMask: be16,
  offset: u16,
  offsetOff: u16,
  hashOff: u16,
  hashMask: be32,
});
/** `struct tc_u32_key`: the words of a packet that are looked at. */
const selectorKeys = packed(struct({ mask: be32, value: be32, offset: s32, offsetMask: s32 }));

type Selector<H, K> = { readonly head: H; readonly keys: K };

/** `struct tc_u32_sel` with its keys. */
const selector: Codec<Selector<GetOf<typeof selectorHead>, GetOf<typeof selectorKeys>>> = {
  name: "tc_u32_sel",
  get: (bytes, start, end) => {
    const middle = start + selectorHead.size;
    return { head: selectorHead.get(bytes, start, middle), keys: selectorKeys.get(bytes, middle, end) };
  },
  put(writer, { head, keys }) {
    selectorHead.put(writer, head);
    selectorKeys.put(writer, keys);
  },
};

/** `TCA_U32_*` of linux/pkt_cls.h. */
const u32Filter = attrs({
  classId: [1, u32], // TCA_U32_CLASSID
  hash: [2, u32], // TCA_U32_HASH
  link: [3, u32], // TCA_U32_LINK
  divisor: [4, u32], // TCA_U32_DIVISOR
  selector: [5, selector], // TCA_U32_SEL
  police: [6, raw], // TCA_U32_POLICE
  actions: [7, list(action, 1)], // TCA_U32_ACT
  indev: [8, cstr], // TCA_U32_INDEV
  counters: [9, raw], // TCA_U32_PCNT
  mark: [10, raw], // TCA_U32_MARK
  flags: [11, u32], // TCA_U32_FLAGS
});

const filterOptions = (kind: unknown): AnyCodec => (kind === "u32" ? u32Filter : raw);

/** `TCA_*` of linux/rtnetlink.h, as far as filters have them. */
const table = {
  kind: [1, cstr], // TCA_KIND
  options: [
    2,
    dependent<GetOf<typeof u32Filter> | Uint8Array, SetOf<typeof u32Filter> | Uint8Array>("kind", filterOptions),
  ], // TCA_OPTIONS
  stats2: [7, raw], // TCA_STATS2
  chain: [11, u32], // TCA_CHAIN
  warning: [16, cstr], // TCA_EXT_WARN_MSG
} as const;

const codec = attrs(table);

export type FilterAttrs = GetAttrs<typeof table>;
export type FilterAttrsSet = SetAttrs<typeof table>;

function kind(name: string, type: number): MessageKind<QdiscHeader, FilterAttrs, FilterAttrsSet> {
  return { name, type, header: tcmsg, attrs: codec };
}

/** RTM_NEWTFILTER. */
export const newfilter = kind("newtfilter", 44);
/** RTM_DELTFILTER. */
export const delfilter = kind("deltfilter", 45);
/** RTM_GETTFILTER. */
export const getfilter = kind("gettfilter", 46);
