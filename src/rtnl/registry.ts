import type { AnyMessageKind } from "../netlink/index.ts";
import { deladdr, getaddr, newaddr } from "./addr-message.ts";
import { delfilter, getfilter, newfilter } from "./filter-message.ts";
import { dellink, dellinkprop, getlink, newlink, newlinkprop, setlink } from "./link-message.ts";
import { delneigh, getneigh, newneigh } from "./neigh-message.ts";
import { delnsid, getnsid, newnsid } from "./nsid.ts";
import { delqdisc, deltclass, getqdisc, gettclass, newqdisc, newtclass } from "./qdisc-message.ts";
import { delroute, getroute, newroute } from "./route-message.ts";
import { delrule, getrule, newrule } from "./rule-message.ts";

const all: readonly AnyMessageKind[][] = [
  [newlink, dellink, getlink, setlink, newlinkprop, dellinkprop],
  [newaddr, deladdr, getaddr],
  [newroute, delroute, getroute],
  [newneigh, delneigh, getneigh],
  [newrule, delrule, getrule],
  [newqdisc, delqdisc, getqdisc, newtclass, deltclass, gettclass],
  [newfilter, delfilter, getfilter],
  [newnsid, delnsid, getnsid],
];

/** Every rtnetlink message known here, by its number (RTM_* of linux/rtnetlink.h). */
export const messageKinds: ReadonlyMap<number, AnyMessageKind> = new Map(all.flat().map((kind) => [kind.type, kind]));
