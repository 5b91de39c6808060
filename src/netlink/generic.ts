import { attrs, cstr, struct, u16, u8 } from "../wire/index.ts";
import { type Request, request } from "./request.ts";

/** The protocol of sockets of generic netlink: linux/netlink.h. */
export const NETLINK_GENERIC = 16;

const family = {
  name: "getfamily",
  type: 0x10, // GENL_ID_CTRL
  header: struct({ command: u8, version: u8, reserved: u16 }), // struct genlmsghdr of linux/genetlink.h
  attrs: attrs(() => ({ name: [2, cstr] }), "skip"), // CTRL_ATTR_FAMILY_NAME
} as const;
const CTRL_CMD_GETFAMILY = 3;

/** Asks for a family by name; ENOENT says that the kernel has none. It looks for a module first. */
export function getFamily(name: string): Request {
  const header = { command: CTRL_CMD_GETFAMILY, version: 1, reserved: 0 };
  return request(family, 0, header, { name }, `find the generic netlink family ${name}`);
}
