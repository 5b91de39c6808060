import { invalid } from "../../cni/index.ts";
import { type Field, type Statement, hasAny, is } from "../../nft/index.ts";
import { type Family, tryIp, tryMac, tryPrefix } from "../../values/index.ts";

/** What a value must look like. */
type Kind = "ip" | "ip6" | "mac" | "name" | "number" | "state";

/** The words that conditions may begin with. */
const kinds: Readonly<Partial<Record<Field, Kind>>> = {
  "ip saddr": "ip",
  "ip daddr": "ip",
  "ip6 saddr": "ip6",
  "ip6 daddr": "ip6",
  "ether saddr": "mac",
  "ether daddr": "mac",
  iifname: "name",
  oifname: "name",
  "tcp sport": "number",
  "udp sport": "number",
  "sctp sport": "number",
  "th sport": "number",
  "meta mark": "number",
  "ct mark": "number",
  "ct state": "state",
};
const operators = ["==", "!=", "<=", ">=", "<", ">"] as const;

/**
 * The conditions of nft(8), as far as a rule of ours can have them: fields, each with a value.
 * @throws {CniError} 7
 */
export function parseConditions(list: readonly string[], family: Family, path: string): readonly Statement[] {
  const words = list.flatMap((text) => text.match(/"[^"]*"|\S+/g) ?? []);
  const statements: Statement[] = [];
  for (let at = 0; at < words.length;) {
    const field = fieldAt(words, at);
    if (field === undefined) {
      throw invalid(path, `has ${JSON.stringify(words.slice(at).join(" "))}, which is not understood`, known());
    }
    at += field.split(" ").length;
    if (words[at - 1] !== field.split(" ").at(-1)) at++; // "meta iifname"
    const op = operators.find((one) => one === words[at]);
    if (op !== undefined) at++;
    const text = words[at++];
    if (text === undefined) throw invalid(path, `has ${field} without a value`, `write one behind it: ${field} VALUE`);
    statements.push(statement(field, op, text.replaceAll('"', ""), family, path));
  }
  return statements;
}

function fieldAt(words: readonly string[], at: number): Field | undefined {
  const two = `${words[at]} ${words[at + 1]}`;
  for (const name of [two, two.replace(/^meta /, ""), words[at] ?? ""]) {
    if (Object.hasOwn(kinds, name)) return name as Field;
  }
  return undefined;
}

function statement(
  field: Field,
  op: (typeof operators)[number] | undefined,
  text: string,
  family: Family,
  path: string,
): Statement {
  const kind = kinds[field] as Kind;
  const wrong = (what: string) => invalid(path, `has ${field} ${text}`, `write ${what} behind ${field}`);
  if (kind === "ip" || kind === "ip6") {
    if ((kind === "ip") !== (family === 4)) throw invalid(path, `has ${field}`, `it is about IPv${family}`);
    const isFine = (text.includes("/") ? tryPrefix(text) : tryIp(text)) !== undefined;
    if (!isFine || text.includes(":") !== (family === 6)) throw wrong(`an IPv${family} address or prefix`);
  }
  if (kind === "mac" && tryMac(text) === undefined) throw wrong("a MAC address");
  if (kind === "name" && (text === "" || Buffer.byteLength(text) > 15)) throw wrong("the name of an interface");
  if (kind === "state") {
    if (op !== undefined && op !== "==")
      throw wrong("one or several of new, established, related, invalid and untracked");
    const states = text.split(",");
    const isKnown = states.every((state) => /^(?:new|established|related|invalid|untracked)$/.test(state));
    if (!isKnown) throw wrong("one or several of new, established, related, invalid and untracked");
    return hasAny("ct state", ...states);
  }
  const number = kind === "number" ? Number(text) : text;
  if (typeof number === "number" && !(Number.isInteger(number) && number >= 0 && number <= 0xffff_ffff)) {
    throw wrong("a number");
  }
  return op === undefined || op === "==" ? is(field, number) : { match: field, op, value: number };
}

function known(): string {
  return `conditions are ${Object.keys(kinds).join(", ")}, each with a value; sets and ranges need rules of your own`;
}
