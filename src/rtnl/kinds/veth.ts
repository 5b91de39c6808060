import { attrs } from "../../wire/index.ts";
import { headed } from "../_headed.ts";
import { ifinfomsg } from "../ifinfo.ts";
import { linkTable } from "../link-table.ts";

/** A pair of Ethernet devices: `VETH_INFO_*` of linux/veth.h. The kernel answers no data. */
export const veth = {
  data: attrs(() => ({
    /** The header and the attributes of the other end, as if it were a link message of its own. */
    peer: [1, { ...headed("peer", ifinfomsg, attrs(linkTable)), nested: true }], // VETH_INFO_PEER
  })),
  lower: "none",
} as const;
