import { type MessageKind, type Query, query, request } from "../netlink/index.ts";
import { type GetAttrs, attrs, cstr, dependent, raw } from "../wire/index.ts";
import { IFF, type IfInfo, ifinfo } from "./ifinfo.ts";
import { type BridgePortGet, bridgePortState } from "./kinds/index.ts";
import type { Link } from "./link-fact.ts";
import { extMask, getlink, newlink } from "./link-message.ts";
import { afSpecFact, linkTable } from "./link-table.ts";

/** How far a link is with coming up. */
export interface LinkState extends Pick<Link, "index" | "up" | "carrier" | "operState" | "master" | "addrGenMode"> {
  /** How often the carrier came or went; 0 on devices that have none to watch. */
  readonly carrierChanges: number;
  readonly port?: Pick<BridgePortGet, "state">;
}

const stateOf = dependent<Pick<BridgePortGet, "state"> | Uint8Array, never>("slaveKind", (kind) =>
  kind === "bridge" ? bridgePortState : raw,
);
const { operState, carrierChanges, master } = linkTable;
const table = () =>
  ({
    operState,
    carrierChanges,
    master,
    afSpec: [26, afSpecFact], // IFLA_AF_SPEC
    linkInfo: [18, attrs({ slaveKind: [4, cstr], slaveData: [5, stateOf] }, "skip")], // IFLA_LINKINFO
  }) as const;
type States = GetAttrs<ReturnType<typeof table>>;

const answer: MessageKind<IfInfo, States, never> = { ...newlink, attrs: attrs(table, "skip") };

/** How far all links are with coming up: a fraction of the work of reading them whole. RTM_GETLINK, a dump. */
export function listLinkStates(): Query<LinkState> {
  return query(request(getlink, 0, ifinfo(), { extMask }, "list the state of links"), answer, readState);
}

function readState({ index, flags }: IfInfo, attributes: States): LinkState {
  const addrGenMode = attributes.afSpec?.inet6?.addrGenMode;
  const port = attributes.linkInfo?.slaveData;
  return {
    index,
    up: (flags & IFF.UP) !== 0,
    carrier: (flags & IFF.LOWER_UP) !== 0,
    operState: attributes.operState ?? "unknown",
    carrierChanges: attributes.carrierChanges ?? 0,
    ...(attributes.master === undefined ? {} : { master: attributes.master }),
    ...(addrGenMode === undefined ? {} : { addrGenMode }),
    ...(port === undefined || port instanceof Uint8Array ? {} : { port }),
  };
}
