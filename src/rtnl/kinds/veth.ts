import { type Codec, type GetAttrs, type SetAttrs, attrs } from "../../wire/index.ts";
import { type IfInfo, ifinfomsg } from "../ifinfo.ts";
import { type LinkTable, linkTable } from "../link-table.ts";

const peerAttrs = attrs(linkTable);

/** The header and the attributes of the other end, as if it were a link message of its own. */
interface Peer<Attrs> {
  readonly header: IfInfo;
  readonly attrs: Attrs;
}

const peer: Codec<Peer<GetAttrs<LinkTable>>, Peer<SetAttrs<LinkTable>>> = {
  name: "peer",
  nested: true,
  get: (bytes, start, end) => ({
    header: ifinfomsg.get(bytes, start, start + ifinfomsg.size),
    attrs: peerAttrs.get(bytes, start + ifinfomsg.size, end),
  }),
  put(writer, value) {
    ifinfomsg.put(writer, value.header);
    peerAttrs.put(writer, value.attrs);
  },
  parts: (bytes, start, end, visit) => peerAttrs.parts(bytes, start + ifinfomsg.size, end, visit),
};

/** A pair of Ethernet devices: `VETH_INFO_*` of linux/veth.h. The kernel answers no data. */
export const veth = {
  data: attrs({
    peer: [1, peer], // VETH_INFO_PEER
  }),
  lower: "none",
} as const;
