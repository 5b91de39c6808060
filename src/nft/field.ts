import type { TypeName } from "./data-type.ts";

/** What of a packet (or of its connection) can be looked at. */
export type Field = keyof typeof fields;

/** Fields of which several flags can be set. */
export type FlagField = "ct state" | "ct status";

/** An address, prefix, MAC address or name; a port, number or mark. */
export type Value = string | number;

/** What must hold for a field to be there; it is asked first, and `nft` shows it only where the field does not say it. */
export type Need = "ip" | "ip6" | "ethernet" | "tcp" | "udp" | "sctp";

/** How a field gets into a register. */
export type Load =
  | {
      readonly payload: "link" | "network" | "transport";
      readonly offset: number;
      readonly needs?: Need;
    }
  | { readonly meta: "mark" | "iifname" | "oifname" | "l4proto" | "nfproto" | "pkttype" }
  | { readonly ct: "mark" | "state" | "status"; readonly direction?: "original" | "reply" }
  | { readonly fib: "type"; readonly of: "saddr" | "daddr" };

type Row = Load & { readonly type: TypeName };

/** Header fields by RFC 791, RFC 8200, RFC 9293; the names are those of nft(8). */
export const fields = {
  "ip saddr": { type: "ipv4_addr", payload: "network", offset: 12, needs: "ip" },
  "ip daddr": { type: "ipv4_addr", payload: "network", offset: 16, needs: "ip" },
  "ip protocol": { type: "inet_proto", payload: "network", offset: 9, needs: "ip" },
  "ip6 saddr": { type: "ipv6_addr", payload: "network", offset: 8, needs: "ip6" },
  "ip6 daddr": { type: "ipv6_addr", payload: "network", offset: 24, needs: "ip6" },
  "ether saddr": { type: "ether_addr", payload: "link", offset: 6, needs: "ethernet" },
  "ether daddr": { type: "ether_addr", payload: "link", offset: 0, needs: "ethernet" },
  "tcp sport": { type: "inet_service", payload: "transport", offset: 0, needs: "tcp" },
  "tcp dport": { type: "inet_service", payload: "transport", offset: 2, needs: "tcp" },
  "udp sport": { type: "inet_service", payload: "transport", offset: 0, needs: "udp" },
  "udp dport": { type: "inet_service", payload: "transport", offset: 2, needs: "udp" },
  "sctp sport": { type: "inet_service", payload: "transport", offset: 0, needs: "sctp" },
  "sctp dport": { type: "inet_service", payload: "transport", offset: 2, needs: "sctp" },
  /** Of whatever transport protocol has ports there. */
  "th sport": { type: "inet_service", payload: "transport", offset: 0 },
  "th dport": { type: "inet_service", payload: "transport", offset: 2 },
  iifname: { type: "ifname", meta: "iifname" },
  oifname: { type: "ifname", meta: "oifname" },
  "meta l4proto": { type: "inet_proto", meta: "l4proto" },
  "meta nfproto": { type: "nf_proto", meta: "nfproto" },
  "meta pkttype": { type: "pkt_type", meta: "pkttype" },
  "meta mark": { type: "mark", meta: "mark" },
  "ct mark": { type: "mark", ct: "mark" },
  "ct state": { type: "ct_state", ct: "state" },
  "ct status": { type: "ct_status", ct: "status" },
  "fib saddr type": { type: "fib_addrtype", fib: "type", of: "saddr" },
  "fib daddr type": { type: "fib_addrtype", fib: "type", of: "daddr" },
} as const satisfies Readonly<Record<string, Row>>;

/** The row of a field. */
export function fieldOf(name: Field): Row {
  return fields[name];
}
