import type { Family } from "../values/index.ts";
import { ICMP4, ICMP6 } from "./packet.ts";

/** Codes of "destination unreachable": RFC 792, RFC 1122 §3.2.2.1, RFC 1812 §5.2.7.1. */
const unreachable4: Readonly<Record<number, string>> = {
  0: "network unreachable",
  1: "host unreachable",
  2: "protocol unreachable",
  3: "port unreachable",
  4: "fragmentation needed",
  5: "source route failed",
  6: "network unknown",
  7: "host unknown",
  9: "network prohibited",
  10: "host prohibited",
  13: "prohibited by a filter",
};

/** Codes of "destination unreachable": RFC 4443 §3.1. */
const unreachable6: Readonly<Record<number, string>> = {
  0: "no route to destination",
  1: "prohibited by a filter",
  2: "beyond the scope of the source address",
  3: "address unreachable",
  4: "port unreachable",
  5: "source address refused by policy",
  6: "route rejects the destination",
};

/** An ICMP error in words: `destination unreachable: fragmentation needed, next-hop MTU 1450`. */
export function icmpErrorText(family: Family, type: number, code: number, mtu?: number): string {
  const next = mtu === undefined ? "" : `, next-hop MTU ${mtu}`;
  const unreachable = family === 4 ? ICMP4.UNREACHABLE : ICMP6.UNREACHABLE;
  if (type === unreachable) {
    const why = (family === 4 ? unreachable4 : unreachable6)[code] ?? `code ${code}`;
    return `destination unreachable: ${why}${next}`;
  }
  if (family === 6 && type === ICMP6.TOO_BIG) return `packet too big${next}`;
  if (type === (family === 4 ? ICMP4.TIME_EXCEEDED : ICMP6.TIME_EXCEEDED)) {
    return code === 0 ? "time exceeded: too many hops, or a routing loop" : "time exceeded while reassembling";
  }
  return `parameter problem, code ${code}`;
}

/** Whether the error says that the packet was too big for a link on its way. */
export function saysTooBig(family: Family, type: number, code: number): boolean {
  return family === 4 ? type === ICMP4.UNREACHABLE && code === 4 : type === ICMP6.TOO_BIG;
}
