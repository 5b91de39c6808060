import { type MessageKind, type Query, query, request } from "../netlink/index.ts";
import { type GetAttrs, attrs } from "../wire/index.ts";
import { type IfInfo, ifinfo } from "./ifinfo.ts";
import { extMask, getlink, newlink } from "./link-message.ts";
import { linkTable } from "./link-table.ts";

const { alias } = linkTable;
const table = () => ({ alias }) as const;
type Alias = GetAttrs<ReturnType<typeof table>>;

const answer: MessageKind<IfInfo, Alias, never> = { ...newlink, attrs: attrs(table, "skip") };

/** A link's alias alone, empty where it has none: of whom it is, for a fraction of the work of reading it whole. RTM_GETLINK. */
export function getLinkAlias(index: number): Query<string> {
  const asked = request(getlink, 0, ifinfo({ index }), { extMask }, `get the alias of link ${index}`);
  return query(asked, answer, (_, { alias: text }) => text ?? "");
}
