import { NAT_PROTO_SPECIFIED as PROTO_SPECIFIED } from "./expression.ts";
import { ipToBytes, parseIp, parsePrefix, prefixIp, prefixLength } from "../values/index.ts";
import { WireError } from "../wire/index.ts";
import { dataType, interfaceBytes, numberBytes, valueBytes } from "./data-type.ts";
import type { Data, Expression } from "./expression.ts";
import { type Field, type Need, type Value, fieldOf } from "./field.ts";
import type { Comparison, Mutable, Statement, Verdict } from "./rule.ts";
import type { TableFamily } from "./table.ts";

/** NF_NAT_RANGE_PROTO_RANDOM and _RANDOM_FULLY of linux/netfilter/nf_nat.h. */
const PORTS = { random: 4, "fully-random": 16 } as const;
/** NFT_REG_VERDICT. */
const VERDICT_REGISTER = 0;

/** The expressions of a rule's statements: what nft(8) makes of the same text. @throws {WireError} `bad-value` */
export function compile(family: TableFamily, does: readonly Statement[]): readonly Expression[] {
  const compiler = new Compiler(family);
  for (const statement of does) compiler.add(statement);
  return compiler.done;
}

/** The number of the register that begins at the given 32-bit word, as the kernel shows it (nft_dump_register). */
function register(word: number): number {
  return word % 4 === 0 ? 1 + word / 4 : 8 + word;
}

/** Words that a value of so many bytes takes in the registers. */
function words(size: number): number {
  return Math.ceil(size / 4);
}

const value = (bytes: Uint8Array): Data => ({ value: bytes });

/** A verdict as data of an expression or element. */
export function verdictData(to: Verdict): Data {
  return { verdict: "chain" in to ? { code: to.verdict, chain: to.chain } : { code: to.verdict } };
}

/** Values of several types one after the other, as in the registers: each begins at a word. */
export function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const whole = new Uint8Array(4 * parts.reduce((sum, part) => sum + words(part.length), 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += 4 * words(part.length);
  }
  return whole;
}

class Compiler {
  readonly done: Expression[] = [];
  readonly #family: TableFamily;
  readonly #held = new Set<Need>();

  constructor(family: TableFamily) {
    this.#family = family;
    if (family === "ip" || family === "ip6") this.#held.add(family);
    if (family === "bridge") this.#held.add("ethernet");
  }

  add(statement: Statement): void {
    if ("verdict" in statement) {
      this.done.push({ name: "immediate", data: { dreg: VERDICT_REGISTER, data: verdictData(statement) } });
    } else if ("count" in statement) this.done.push({ name: "counter", data: { bytes: 0n, packets: 0n } });
    else if ("reject" in statement) this.#reject();
    else if ("vmap" in statement) this.#lookup(statement.by, { set: statement.vmap, dreg: VERDICT_REGISTER });
    else if ("nat" in statement) this.#nat(statement);
    else if ("set" in statement) this.#set(statement);
    else if ("in" in statement) this.#lookup(statement.match, { set: statement.in, ...(statement.op && { flags: 1 }) });
    else if ("any" in statement) this.#any(statement.match, statement.any);
    else if (statement.mask !== undefined) this.#masked(statement.match, statement.mask, statement.op, statement.value);
    else this.#compare(statement.match, statement.op ?? "==", statement.value);
  }

  #compare(field: Field, op: Comparison, wanted: Value): void {
    const { type } = fieldOf(field);
    const text = String(wanted);
    if ((type === "ipv4_addr" || type === "ipv6_addr") && text.includes("/")) return this.#prefix(field, op, text);
    this.#load(field);
    const wild = type === "ifname" && text.endsWith("*");
    this.#cmp(op, wild ? interfaceBytes(text.slice(0, -1), false) : valueBytes(type, wanted));
  }

  /** A prefix of whole bytes is compared with the first bytes of the address. */
  #prefix(field: Field, op: Comparison, text: string): void {
    const prefix = parsePrefix(text);
    const length = prefixLength(prefix);
    const address = valueBytes(fieldOf(field).type, prefixIp(prefix));
    const whole = length > 0 && length % 8 === 0 ? length / 8 : undefined;
    this.#load(field, whole);
    if (whole !== undefined) return this.#cmp(op, address.slice(0, whole));
    const mask = new Uint8Array(address.length).map((_, i) => 0xff00 >> Math.min(8, Math.max(0, length - 8 * i)));
    this.#and(mask);
    this.#cmp(
      op,
      address.map((byte, i) => byte & (mask[i] as number)),
    );
  }

  #any(field: Field, names: readonly string[]): void {
    const { type } = fieldOf(field);
    const flags = dataType(type).names ?? {};
    let bits = 0;
    for (const name of names) {
      const bit = flags[name];
      if (bit === undefined) throw new WireError("bad-value", `${name} is none of ${Object.keys(flags).join(", ")}`);
      bits |= bit;
    }
    this.#load(field);
    this.#and(numberBytes(bits, 4, "host"));
    this.#cmp("!=", new Uint8Array(4));
  }

  #masked(field: Field, mask: number, op: Comparison | undefined, wanted: Value): void {
    this.#load(field);
    this.#and(numberBytes(mask, 4, "host"));
    this.#cmp(op ?? "==", valueBytes(fieldOf(field).type, wanted));
  }

  #lookup(by: readonly Field[], more: { readonly set: string; readonly dreg?: number; readonly flags?: number }): void {
    for (const field of by) this.#need(field);
    let word = 0;
    for (const field of by) {
      this.#loadInto(register(word), field);
      word += words(dataType(fieldOf(field).type).size);
    }
    const { set, dreg, flags } = more;
    this.done.push({
      name: "lookup",
      data: { sreg: 1, ...(dreg !== undefined && { dreg }), set, ...(flags !== undefined && { flags }) },
    });
  }

  #set(statement: Extract<Statement, { readonly set: string }>): void {
    if ("from" in statement) this.#load(statement.from);
    else if (statement.mask === undefined) {
      this.done.push({ name: "immediate", data: { dreg: 1, data: value(numberBytes(statement.to, 4, "host")) } });
    } else {
      this.#load(statement.set);
      this.#and(numberBytes((~statement.mask & 0xffff_ffff) >>> 0, 4, "host"), numberBytes(statement.to, 4, "host"));
    }
    this.done.push(storing(statement.set));
  }

  #nat(statement: Extract<Statement, { readonly nat: string }>): void {
    if (statement.nat === "masquerade") {
      const { ports } = statement;
      this.done.push({ name: "masq", data: ports === undefined ? {} : { flags: PORTS[ports] } });
    } else if (statement.nat === "redirect") {
      this.#put(1, numberBytes(statement.port, 2, "network"));
      this.done.push({ name: "redir", data: { protoMin: 1, flags: PROTO_SPECIFIED } });
    } else {
      const family = statement.family === 4 ? "ip" : "ip6";
      const to = "map" in statement ? this.#mapped(statement) : this.#target(statement.to);
      this.done.push({ name: "nat", data: { type: statement.nat, family, ...to } });
    }
  }

  /** The map has an address and, in the words behind it, a port. */
  #mapped({ map, by, family }: { readonly map: string; readonly by: readonly Field[]; readonly family: 4 | 6 }) {
    this.#lookup(by, { set: map, dreg: 1 });
    return { addrMin: 1, protoMin: register(family === 4 ? 1 : 4) };
  }

  #target({ ip, port }: { readonly ip: string; readonly port?: number }) {
    this.#put(1, ipToBytes(parseIp(ip)));
    if (port === undefined) return { addrMin: 1 };
    this.#put(2, numberBytes(port, 2, "network"));
    return { addrMin: 1, protoMin: 2, flags: PROTO_SPECIFIED };
  }

  /** Port unreachable: NFT_REJECT_ICMPX_PORT_UNREACH where there are two families, else of the one (RFC 792, RFC 4443). */
  #reject(): void {
    const [type, code] =
      this.#family === "ip"
        ? ["icmp" as const, 3]
        : this.#family === "ip6"
          ? ["icmp" as const, 4]
          : ["icmpx" as const, 1];
    this.done.push({ name: "reject", data: { type, code: Uint8Array.of(code) } });
  }

  #put(dreg: number, bytes: Uint8Array): void {
    this.done.push({ name: "immediate", data: { dreg, data: value(bytes) } });
  }

  #load(field: Field, size?: number): void {
    this.#need(field);
    this.#loadInto(1, field, size);
  }

  #loadInto(dreg: number, name: Field, size?: number): void {
    const field = fieldOf(name);
    if ("payload" in field) {
      const len = size ?? dataType(field.type).size;
      this.done.push({ name: "payload", data: { dreg, base: field.payload, offset: field.offset, len } });
    } else if ("meta" in field) this.done.push({ name: "meta", data: { key: field.meta, dreg } });
    else if ("ct" in field) this.done.push({ name: "ct", data: { key: field.ct, dreg } });
    else this.done.push({ name: "fib", data: { flags: field.of, result: field.fib, dreg } });
  }

  /** Asks first whether the header of a field is there. */
  #need(name: Field): void {
    const field = fieldOf(name);
    const need = "payload" in field ? field.needs : undefined;
    if (need === undefined || this.#held.has(need)) return;
    const family = this.#family;
    if ((need === "ip" && family === "ip6") || (need === "ip6" && family === "ip")) {
      throw new WireError("bad-value", `there is no ${name} in a table of family ${family}`);
    }
    this.#held.add(need);
    const [key, bytes] = condition(need, family);
    this.done.push({ name: "meta", data: { key, dreg: 1 } });
    this.#cmp("==", bytes);
  }

  #and(mask: Uint8Array, xor: Uint8Array = new Uint8Array(mask.length)): void {
    const len = mask.length;
    this.done.push({ name: "bitwise", data: { sreg: 1, dreg: 1, len, op: 0, mask: value(mask), xor: value(xor) } });
  }

  #cmp(op: Comparison, bytes: Uint8Array): void {
    this.done.push({ name: "cmp", data: { sreg: 1, op, data: value(bytes) } });
  }
}

function storing(into: Mutable): Expression {
  return into === "meta mark"
    ? { name: "meta", data: { key: "mark", sreg: 1 } }
    : { name: "ct", data: { key: "mark", sreg: 1 } };
}

/** ETH_P_* of linux/if_ether.h, ARPHRD_ETHER of linux/if_arp.h, IPPROTO_* of linux/in.h. */
function condition(need: Need, family: TableFamily): ["protocol" | "nfproto" | "iiftype" | "l4proto", Uint8Array] {
  switch (need) {
    case "ip":
      return family === "inet" ? ["nfproto", Uint8Array.of(2)] : ["protocol", numberBytes(0x0800, 2, "network")];
    case "ip6":
      return family === "inet" ? ["nfproto", Uint8Array.of(10)] : ["protocol", numberBytes(0x86dd, 2, "network")];
    case "ethernet":
      return ["iiftype", numberBytes(1, 2, "host")];
    default:
      return ["l4proto", valueBytes("inet_proto", need)];
  }
}
