import { type Expression, type ExpressionFact, NAT_MAP_IPS, NAT_PROTO_SPECIFIED } from "./expression.ts";

type Attributes = { readonly [key: string]: unknown };

/**
 * Expressions as a text that is the same for the same rule: the kernel answers with defaults that nobody wrote down, and leaves
 * out others. Counters' values do not count.
 */
export function canonical(expressions: readonly (Expression | ExpressionFact)[]): string {
  return JSON.stringify(expressions.map(({ name, data }) => [name, plain(filled(String(name), data as Attributes))]));
}

/** Data of an element as a text that is the same for the same data. */
export function canonicalData(data: unknown): string {
  return JSON.stringify(plain(data));
}

function filled(name: string, data: Attributes): Attributes {
  switch (name) {
    case "counter":
      return {};
    case "bitwise":
      return { ...data, op: 0 };
    case "lookup": {
      const { setId: _, ...rest } = data;
      return { ...rest, flags: data["flags"] ?? 0 };
    }
    case "nat": {
      const mapped = data["addrMin"] === undefined ? 0 : NAT_MAP_IPS;
      return ranged({
        ...data,
        addrMax: data["addrMax"] ?? data["addrMin"],
        flags: Number(data["flags"] ?? 0) | mapped,
      });
    }
    case "masq":
    case "redir":
      return ranged(data);
    default:
      return data;
  }
}

/** A range of ports that ends where it begins. */
function ranged(data: Attributes): Attributes {
  const specified = data["protoMin"] === undefined ? 0 : NAT_PROTO_SPECIFIED;
  return { ...data, protoMax: data["protoMax"] ?? data["protoMin"], flags: Number(data["flags"] ?? 0) | specified };
}

/** Keys in order, bytes as hex, what is absent left out. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.toHex();
  if (typeof value === "bigint") return `${value}`;
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, plain(item)]);
}
