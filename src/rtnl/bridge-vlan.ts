import { type MessageKind, type Query, type Request, query, request } from "../netlink/index.ts";
import {
  type Codec,
  type GetAttrs,
  type SetAttrs,
  attrs,
  checkSize,
  forEachAttr,
  putAttr,
  raw,
  struct,
  u16,
} from "../wire/index.ts";
import { AF } from "./family.ts";
import { type IfInfo, ifinfo, ifinfomsg } from "./ifinfo.ts";
import { kinds } from "./kinds/index.ts";
import { linkTable } from "./link-table.ts";

/** `BRIDGE_VLAN_INFO_*` of linux/if_bridge.h. */
const VLAN = { PVID: 2, UNTAGGED: 4, RANGE_BEGIN: 8, RANGE_END: 16 } as const;
/** `BRIDGE_FLAGS_MASTER` and `_SELF`: whose list is meant, the port's in its bridge or the device's own. */
const FLAGS = { master: 1, self: 2 } as const;

/** `struct bridge_vlan_info`. */
const vlanInfo = struct({ flags: u16, vid: u16 });

interface BridgeSpec {
  readonly flags?: number | undefined;
  readonly vlans: readonly { readonly flags: number; readonly vid: number }[];
}

/** IFLA_BRIDGE_FLAGS, and IFLA_BRIDGE_VLAN_INFO, which repeats; the others (mode, tunnels, MRP …) are passed over. */
const rows = { 0: { name: "flags", codec: u16 }, 2: { name: "vlan", codec: vlanInfo } } as const;
const rowOf = (type: number) => (type === 0 || type === 2 ? rows[type] : undefined);

/** IFLA_AF_SPEC of a message of AF_BRIDGE, linux/if_bridge.h. */
const bridgeSpec: Codec<BridgeSpec> = {
  name: "bridge",
  nested: true,
  get(bytes, start, end) {
    const vlans: { flags: number; vid: number }[] = [];
    let flags: number | undefined;
    forEachAttr(bytes, start, end, (type, from, to) => {
      const row = rowOf(type);
      if (row === undefined) return;
      checkSize(row.codec, from, to);
      if (type === 0) flags = u16.get(bytes, from, to);
      else vlans.push(vlanInfo.get(bytes, from, to));
    });
    return flags === undefined ? { vlans } : { flags, vlans };
  },
  put(writer, { flags, vlans }) {
    if (flags !== undefined) putAttr(writer, 0, () => u16.put(writer, flags));
    for (const info of vlans) putAttr(writer, 2, () => vlanInfo.put(writer, info));
  },
  parts: (bytes, start, end, visit) =>
    forEachAttr(bytes, start, end, (type, from, to) => visit({ type, at: from - 4, from, to, ...rowOf(type) })),
};

/** `IFLA_*` as a bridge speaks of its ports. */
const table = {
  ...linkTable,
  protInfo: [12, kinds.bridge.port], // IFLA_PROTINFO
  linkInfo: [18, raw], // IFLA_LINKINFO
  afSpec: [26, bridgeSpec], // IFLA_AF_SPEC
} as const;

const codec = attrs(table);
type BridgeAttrs = GetAttrs<typeof table>;

function kind(name: string, type: number): MessageKind<IfInfo, BridgeAttrs, SetAttrs<typeof table>> {
  return { name, type, header: ifinfomsg, attrs: codec };
}

/** RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK and RTM_SETLINK of AF_BRIDGE. */
const newport = kind("newlink", 16);
const delport = kind("dellink", 17);
const getport = kind("getlink", 18);
const setport = kind("setlink", 19);

/** VLANs of a port, or of the bridge itself (`table: "self"`). */
export interface BridgeVlanKey {
  /** Of the port. */
  readonly index: number;
  /** 1 to 4094. */
  readonly vid: number;
  /** The last one of a range that begins with `vid`. */
  readonly last?: number;
  /** `master` if absent. */
  readonly table?: "self" | "master";
}

/** VLANs to be allowed on a port. */
export interface BridgeVlanAdd extends BridgeVlanKey {
  /** Untagged frames that come in belong to it. */
  readonly pvid?: boolean;
  /** Frames leave without a tag. */
  readonly untagged?: boolean;
}

/** Allows VLANs on a port of a bridge. RTM_SETLINK of AF_BRIDGE. */
export function addBridgeVlan(spec: BridgeVlanAdd): Request {
  const flags = (spec.pvid === true ? VLAN.PVID : 0) | (spec.untagged === true ? VLAN.UNTAGGED : 0);
  return request(setport, 0, headerOf(spec), { afSpec: specOf(spec, flags) }, `add ${show(spec)}`);
}

/** Takes VLANs from a port of a bridge. RTM_DELLINK of AF_BRIDGE. */
export function delBridgeVlan(key: BridgeVlanKey): Request {
  return request(delport, 0, headerOf(key), { afSpec: specOf(key, 0) }, `delete ${show(key)}`);
}

/** A port's VLANs as the kernel reports them, and a bridge's own. */
export interface BridgeVlans {
  readonly index: number;
  readonly vlans: readonly { readonly vid: number; readonly pvid: boolean; readonly untagged: boolean }[];
}

/** RTEXT_FILTER_BRVLAN of linux/rtnetlink.h. */
const WITH_VLANS = 2;

/** The VLANs of all ports and bridges. RTM_GETLINK of AF_BRIDGE, a dump. */
export function listBridgeVlans(): Query<BridgeVlans> {
  const asked = request(
    getport,
    0,
    ifinfo({ family: AF.BRIDGE }),
    { extMask: WITH_VLANS },
    "list VLANs of bridge ports",
  );
  return query(asked, newport, ({ index }: IfInfo, { afSpec }: BridgeAttrs) => ({
    index,
    vlans: (afSpec?.vlans ?? []).map(({ flags, vid }) => ({
      vid,
      pvid: (flags & VLAN.PVID) !== 0,
      untagged: (flags & VLAN.UNTAGGED) !== 0,
    })),
  }));
}

function headerOf({ index }: BridgeVlanKey): IfInfo {
  return ifinfo({ family: AF.BRIDGE, index });
}

function specOf({ vid, last, table: whose }: BridgeVlanKey, flags: number): BridgeSpec {
  const vlans =
    last === undefined
      ? [{ flags, vid }]
      : [
          { flags: flags | VLAN.RANGE_BEGIN, vid },
          { flags: flags | VLAN.RANGE_END, vid: last },
        ];
  return { flags: whose === undefined ? undefined : FLAGS[whose], vlans };
}

function show({ index, vid, last }: BridgeVlanKey): string {
  return `VLAN ${vid}${last === undefined ? "" : `-${last}`} of port ${index}`;
}
