import type { Owned, SharedTable } from "./owned.ts";
import { ownChain, ownComment } from "./owned.ts";
import type { Rule, Statement, Verdict } from "./rule.ts";
import type { Base, ChainSpec, Element, SetSpec, TableRef } from "./table.ts";
import type { Field, Value } from "./field.ts";

/** A rule as nft(8) reads it, without the chain it is in. */
export function printRule({ does, comment }: Rule): string {
  return [...does.map(printStatement), ...printComment(comment)].join(" ");
}

/** An element as nft(8) reads it: `10.0.0.1 comment "…" : goto pod`. */
export function printElement({ key, to, comment }: Element): string {
  const words = [join(key.map(quotedName)), ...printComment(comment)];
  if (to !== undefined) words.push(":", "verdict" in to ? printVerdict(to) : join(to.map(quotedName)));
  return words.join(" ");
}

/** `inet netloom`. */
export function printTable({ family, name }: TableRef): string {
  return `${family} ${name}`;
}

/** The commands for nft(8) that put an owner's things where they belong, whether the table is there or not. */
export function printOwned(table: SharedTable, owner: string, own: Owned): readonly string[] {
  const at = printTable(table);
  const comment = ownComment(owner);
  const chains = table.roles.filter((role, i) => i === 0 || own.rules[role] !== undefined);
  return [
    `add table ${at}${table.comment === undefined ? "" : ` { comment ${quoted(table.comment)}; }`}`,
    ...(table.sets ?? []).map((set) => printSet(table, set)),
    ...table.chains.map((chain) => `add chain ${at} ${chain.name}${printBase(chain)}`),
    ...table.chains.flatMap(({ name, rules }) => [
      `flush chain ${at} ${name}`,
      ...rules.map((rule) => `add rule ${at} ${name} ${printRule(rule)}`),
    ]),
    ...chains.flatMap((role) => {
      const name = ownChain(role, owner);
      const rules = (own.rules[role] ?? []).map((rule) => `add rule ${at} ${name} ${printRule({ comment, ...rule })}`);
      return [`add chain ${at} ${name}`, `flush chain ${at} ${name}`, ...rules];
    }),
    ...(own.elements ?? []).map(
      ({ set, elements }) =>
        `add element ${at} ${set} { ${elements.map((element) => printElement({ comment, ...element })).join(", ")} }`,
    ),
  ];
}

/** The commands for nft(8) that take an owner's things away; the table stays. */
export function printDisowned(table: SharedTable, owner: string, own: Owned | undefined): readonly string[] {
  const at = printTable(table);
  const roles =
    own === undefined ? table.roles.slice(0, 1) : table.roles.filter((role, i) => i === 0 || own.rules[role]);
  return [
    ...(own?.elements ?? []).map(
      ({ set, elements }) =>
        `delete element ${at} ${set} { ${elements.map(({ key }) => join(key.map(quotedName))).join(", ")} }`,
    ),
    ...roles.map((role) => `delete chain ${at} ${ownChain(role, owner)}`),
  ];
}

function printSet(table: TableRef, { name, key, data, interval, comment }: SetSpec): string {
  const type = `type ${key.join(" . ")}${data === undefined ? "" : ` : ${data === "verdict" ? data : data.join(" . ")}`}`;
  const parts = [type, ...(interval ? ["flags interval"] : []), ...printComment(comment)];
  return `add ${data === undefined ? "set" : "map"} ${printTable(table)} ${name} { ${parts.join("; ")}; }`;
}

function printBase({ base, comment }: ChainSpec): string {
  const parts = [...(base === undefined ? [] : [printHook(base)]), ...printComment(comment)];
  return parts.length === 0 ? "" : ` { ${parts.join("; ")}; }`;
}

function printHook({ type, hook, priority, policy, device }: Base): string {
  const on = device === undefined ? "" : ` device ${quoted(device)}`;
  return `type ${type} hook ${hook}${on} priority ${priority}; policy ${policy ?? "accept"}`;
}

function printStatement(statement: Statement): string {
  if ("verdict" in statement) return printVerdict(statement);
  if ("count" in statement) return "counter";
  if ("reject" in statement) return "reject";
  if ("vmap" in statement) return `${join(statement.by)} vmap @${statement.vmap}`;
  if ("nat" in statement) return printNat(statement);
  if ("set" in statement) return printSetting(statement);
  if ("in" in statement) return `${join(statement.match)} ${statement.op === "!=" ? "!= " : ""}@${statement.in}`;
  if ("any" in statement) return `${statement.match} ${statement.any.join(",")}`;
  const { match, op, value, mask } = statement;
  if (mask !== undefined) return `${match} & ${hex(mask)} ${op ?? "=="} ${hex(Number(value))}`;
  return [match, ...(op === undefined || op === "==" ? [] : [op]), printValue(match, value)].join(" ");
}

function printValue(field: Field, value: Value): string {
  if (field === "iifname" || field === "oifname") return quoted(String(value));
  return field.endsWith("mark") && typeof value === "number" ? hex(value) : String(value);
}

function printNat(statement: Extract<Statement, { readonly nat: string }>): string {
  if (statement.nat === "masquerade")
    return ["masquerade", ...(statement.ports === undefined ? [] : [statement.ports])].join(" ");
  if (statement.nat === "redirect") return `redirect to :${statement.port}`;
  const start = `${statement.nat} ${statement.family === 4 ? "ip" : "ip6"} to`;
  if ("map" in statement) return `${start} ${join(statement.by)} map @${statement.map}`;
  const { ip, port } = statement.to;
  if (port === undefined) return `${start} ${ip}`;
  return `${start} ${statement.family === 6 ? `[${ip}]` : ip}:${port}`;
}

function printSetting(statement: Extract<Statement, { readonly set: string }>): string {
  const { set } = statement;
  if ("from" in statement) return `${set} set ${statement.from}`;
  const { to, mask } = statement;
  if (mask === undefined || mask === 0xffff_ffff) return `${set} set ${hex(to)}`;
  const kept = (~mask & 0xffff_ffff) >>> 0;
  const stays = (mask & ~to) >>> 0 === 0 ? set : `${set} & ${hex(kept)}`;
  return `${set} set ${stays} | ${hex(to)}`;
}

function printVerdict(to: Verdict): string {
  return "chain" in to ? `${to.verdict} ${to.chain}` : to.verdict;
}

function printComment(comment: string | undefined): string[] {
  return comment === undefined ? [] : [`comment ${quoted(comment)}`];
}

function join(words: readonly Value[]): string {
  return words.join(" . ");
}

/** Names of interfaces among the elements of a set; addresses and numbers need no quotes. */
function quotedName(value: Value): Value {
  return typeof value === "number" || /^[\w.:/-]+$/.test(value) ? value : quoted(value);
}

/** nft(8) has no way to write a quote within quotes. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', "'")}"`;
}

function hex(mark: number): string {
  return `0x${mark.toString(16).padStart(8, "0")}`;
}
