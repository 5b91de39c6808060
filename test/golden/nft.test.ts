/**
 * What nft(8) sends for a text is what our builders make of the same rule. Captured by
 * `strace -e trace=sendmsg -e write=3 nft -f FILE` in a new network namespace that `setup` had prepared.
 */
import { describe, expect, test } from "bun:test";
import { type AnyMessageKind, type Request, explain } from "../../src/netlink/index.ts";
import { type ElementFact, type ExpressionFact, canonical, messageKinds, printRule } from "../../src/nft/index.ts";
import { Bytes, Writer } from "../../src/wire/index.ts";
import { objects, ruleRequest, rules } from "./nft/requests.ts";

const HEADER = 16;
/** `struct nfgenmsg`. */
const FAMILY_HEADER = 4;

interface Row {
  readonly command: string;
  readonly hex: string;
}

const load = async (name: string): Promise<readonly Row[]> =>
  (await Bun.file(new URL(`./nft/${name}.json`, import.meta.url)).json()) as readonly Row[];

interface Message {
  readonly kind: AnyMessageKind;
  readonly header: unknown;
  readonly attrs: Readonly<Record<string, unknown>>;
}

function taken(hex: string): Message {
  const bytes = new Bytes(Uint8Array.fromHex(hex));
  const kind = messageKinds.get(bytes.u16(4)) ?? expect.unreachable(`no message kind ${bytes.u16(4)}`);
  const header: unknown = kind.header.get(bytes, HEADER, HEADER + FAMILY_HEADER);
  return { kind, header, attrs: kind.attrs.get(bytes, HEADER + FAMILY_HEADER, bytes.u8.length) };
}

/** Our request, through bytes: what it is after the codec. */
function ours({ kind, header, attrs }: Request): Message {
  const writer = new Writer();
  kind.attrs.put(writer, attrs);
  const bytes = writer.finish();
  return { kind, header, attrs: kind.attrs.get(new Bytes(bytes), 0, bytes.length) };
}

/**
 * Without what nft(8) adds and nobody needs: numbers of sets of the same transaction, how a concatenation was written
 * (NFTNL_UDATA_SET_KEY_TYPEOF, DATA_TYPEOF, DATA_INTERVAL), the flag that a table has none of, a policy that is the default, the
 * end of nothing before the first interval.
 */
function essential({ kind, header, attrs }: Message): unknown {
  const { id: _, setId: __, flags, expressions, userdata, policy, elements, ...rest } = attrs;
  const entries = (userdata ?? []) as readonly { readonly type: number; readonly data: Uint8Array }[];
  return {
    kind: kind.name,
    header,
    ...rest,
    flags: flags ?? 0,
    policy: policy ?? "accept",
    elements: ((elements ?? []) as readonly ElementFact[]).filter(
      (one) => one.flags !== 1 || one.key?.value?.some((byte) => byte !== 0),
    ),
    userdata: entries.filter(({ type }) => kind.name !== "newset" || ![3, 4, 6].includes(type)),
    expressions: canonical((expressions ?? []) as readonly ExpressionFact[]),
  };
}

const ruleRows = await load("rule");
const objectRows = await load("object");
const textOf = (command: string): string => command.replace(/^nft '(?:add rule )?(.*)'$/s, "$1");

test("every capture has its builder, and every builder a capture", () => {
  expect(ruleRows.map(({ command }) => textOf(command)).toSorted()).toEqual(Object.keys(rules).toSorted());
  expect(objectRows.map(({ command }) => textOf(command)).toSorted()).toEqual(Object.keys(objects).toSorted());
});

describe("a rule as nft(8) sends it:", () => {
  test.each(ruleRows)("$command", ({ command, hex }) => {
    const text = textOf(command);
    const rule = rules[text] ?? expect.unreachable(text);
    expect(essential(ours(ruleRequest(text, rule)))).toEqual(essential(taken(hex)));
    // NLM_F_CREATE and NLM_F_APPEND: at the end of the chain.
    expect(ruleRequest(text, rule).flags).toBe(0xc00);
  });

  test.each(ruleRows)("and as it is written: $command", ({ command }) => {
    const text = textOf(command);
    const shown = printRule(rules[text] ?? expect.unreachable(text));
    const plain = (words: string) => words.replaceAll(/0x0*(?=[0-9a-f])/g, "0x").replaceAll(" 17 ", " udp ");
    expect(plain(shown)).toBe(plain(text.split(" ").slice(3).join(" ")));
  });
});

describe("a table, chain, set or element as nft(8) sends it:", () => {
  test.each(objectRows)("$command", ({ command, hex }) => {
    const request = objects[textOf(command)] ?? expect.unreachable(command);
    expect(essential(ours(request))).toEqual(essential(taken(hex)));
  });
});

test("a capture is explained with the names of its tables", () => {
  const row =
    ruleRows.find(({ command }) => command.includes("masquerade comment")) ?? expect.unreachable("no capture");
  const lines = explain(Uint8Array.fromHex(row.hex), messageKinds).split("\n");
  const named = lines.map((line) => line.slice(34).trimEnd());
  expect(named).toContain('table "t"');
  expect(named).toContain('    name "payload"');
  expect(named).toContain('      base "network"');
  expect(named.some((line) => line.includes("attribute") || line.includes("malformed"))).toBe(false);
});
