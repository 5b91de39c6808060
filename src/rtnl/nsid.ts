import { type MessageKind, type Query, type Request, query, request } from "../netlink/index.ts";
import { type GetAttrs, type GetOf, type SetAttrs, attrs, pad, s32, struct, u32, u8 } from "../wire/index.ts";

/** `struct rtgenmsg` of linux/rtnetlink.h, padded as netlink pads. */
const rtgenmsg = struct({ family: u8, pad: pad(3) });

/** `NETNSA_*` of linux/net_namespace.h. */
const table = {
  nsid: [1, s32], // NETNSA_NSID
  pid: [2, u32], // NETNSA_PID
  fd: [3, u32], // NETNSA_FD
  targetNsid: [4, s32], // NETNSA_TARGET_NSID
  currentNsid: [5, s32], // NETNSA_CURRENT_NSID
} as const;

const codec = attrs(table);

type NsidHeader = GetOf<typeof rtgenmsg>;
type NsidAttrs = GetAttrs<typeof table>;

function kind(name: string, type: number): MessageKind<NsidHeader, NsidAttrs, SetAttrs<typeof table>> {
  return { name, type, header: rtgenmsg, attrs: codec };
}

/** RTM_NEWNSID. */
export const newnsid = kind("newnsid", 88);
/** RTM_DELNSID. */
export const delnsid = kind("delnsid", 89);
/** RTM_GETNSID. */
export const getnsid = kind("getnsid", 90);

const header: NsidHeader = { family: 0, pad: 0 };
/** NETNSA_NSID_NOT_ASSIGNED. */
const NOT_ASSIGNED = -1;

/**
 * The number by which links name the namespace of this descriptor, as seen from the socket's: `-1` if it has none
 * yet. RTM_GETNSID.
 */
export function getNsid(fd: number): Query<number> {
  const asked = request(getnsid, 0, header, { fd }, "get the number of a namespace");
  return query(asked, newnsid, (_header: NsidHeader, { nsid }: NsidAttrs) => nsid);
}

/** Gives the namespace of this descriptor a number; the kernel chooses one if none is given. RTM_NEWNSID. */
export function setNsid(fd: number, nsid: number = NOT_ASSIGNED): Request {
  return request(newnsid, 0, header, { fd, nsid }, `number a namespace ${nsid}`);
}
