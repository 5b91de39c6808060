import { type Subscription, subscribe } from "../netlink/index.ts";
import type { NsFd } from "../sys/index.ts";
import { RTNLGRP, type RtnlEvent, readEvent } from "./events.ts";
import { messageKinds } from "./registry.ts";

/** Which groups of the kernel tell about what. */
const groups = {
  link: [RTNLGRP.LINK],
  addr: [RTNLGRP.IPV4_IFADDR, RTNLGRP.IPV6_IFADDR],
  route: [RTNLGRP.IPV4_ROUTE, RTNLGRP.IPV6_ROUTE],
  rule: [RTNLGRP.IPV4_RULE, RTNLGRP.IPV6_RULE],
  neigh: [RTNLGRP.NEIGH],
} as const satisfies Record<string, readonly number[]>;

type Table = keyof typeof groups;

/** What to be told of: the tables that are `true`; if none is, all that are not
 * `false`. `neigh` includes forwarding entries (`fdb`). */
export interface WatchOptions extends Readonly<Partial<Record<Table, boolean>>> {
  /** The namespace to watch; the calling thread's own if absent. */
  readonly ns?: NsFd;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** The queue in the kernel, in bytes; 4 MiB if absent. */
  readonly queueBytes?: number;
}

/**
 * What changes in a namespace, from this call on, whoever changes it. `{ lost: true }` says that the kernel dropped
 * events: read the tables again. Events that arrive then may tell of what was just read, so apply each as "is now so",
 * not as a step from what was. A link's counters make no events.
 *
 * @example
 * using events = watch({ ns, link: true, signal }); // first, so that nothing falls between reading and watching
 * let links = byIndex(socket.dump(listLinks()));
 * for await (const event of events) {
 *   if ("lost" in event) links = byIndex(socket.dump(listLinks()));
 *   else if (event.event === "link" && event.action === "new") links.set(event.link.index, event.link);
 *   else if (event.event === "link") links.delete(event.link.index);
 * }
 * @throws {SysError} EPERM without CAP_SYS_ADMIN over `ns`, EMFILE
 * @see linux/rtnetlink.h, `enum rtnetlink_groups`
 */
export function watch(options: WatchOptions = {}): Subscription<RtnlEvent> {
  const { ns, signal, queueBytes } = options;
  const tables = Object.keys(groups) as Table[];
  const some = tables.some((table) => options[table] === true);
  return subscribe({
    ...(ns === undefined ? {} : { ns }),
    ...(queueBytes === undefined ? {} : { queueBytes }),
    signal,
    groups: tables.filter((table) => options[table] ?? !some).flatMap((table) => groups[table]),
    kinds: messageKinds,
    read: readEvent,
  });
}
