import {
  NETLINK_NETFILTER,
  NetlinkSocket,
  type Query,
  type Request,
  deleteAll,
  query,
  request,
} from "../netlink/index.ts";
import type { Family, Ip } from "../values/index.ts";
import { type FlowAttrs, type FlowAttrsSet, type FlowHeader, deleteFlow, getFlow, newFlow } from "./message.ts";

const families = { 4: 2, 6: 10 } as const;
/** IPPROTO_* of linux/in.h. */
const protocols = { tcp: 6, udp: 17, sctp: 132 } as const;
/** CTA_PROTO_NUM and CTA_PROTO_DST_PORT of net/netfilter/nf_conntrack_netlink.c, as bits of a filter. */
const MATCHED = (1 << 3) | (1 << 5);

/** Which flows: those whose first packet went to a port. */
export interface FlowFilter {
  readonly family: Family;
  readonly protocol: keyof typeof protocols;
  readonly port: number;
}

/** What the kernel remembers of a flow, in the direction of its first packet. */
export interface Flow {
  readonly family: Family;
  readonly protocol: keyof typeof protocols;
  readonly src: Ip;
  readonly dst: Ip;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly zone?: number;
}

/** A socket for the questions and requests of this room, in the calling thread's network namespace. @throws {SysError} */
export function flowSocket(): NetlinkSocket {
  return new NetlinkSocket(NETLINK_NETFILTER);
}

/** The flows to a port. Linux 5.8 and newer look for them in the kernel. IPCTNL_MSG_CT_GET, a dump. */
export function listFlows(wanted: FlowFilter): Query<Flow> {
  const attrs: FlowAttrsSet = {
    orig: { proto: { number: protocols[wanted.protocol], dstPort: wanted.port } },
    filter: { orig: Uint8Array.of(MATCHED, 0, 0, 0), reply: new Uint8Array(4) },
  };
  const asked = request(
    getFlow,
    0,
    headerOf(wanted.family),
    attrs,
    `list ${wanted.protocol} flows to port ${wanted.port}`,
  );
  return query(asked, newFlow, (header: FlowHeader, found: FlowAttrs) => {
    const flow = readFlow(header, found);
    return flow?.protocol === wanted.protocol && flow.dstPort === wanted.port && flow.family === wanted.family
      ? flow
      : undefined;
  });
}

/** Forgets one flow; ENOENT if it is gone. IPCTNL_MSG_CT_DELETE. */
export function delFlow({ family, protocol, src, dst, srcPort, dstPort, zone }: Flow): Request {
  const proto = { number: protocols[protocol], srcPort, dstPort };
  const ip = family === 4 ? { src4: src, dst4: dst } : { src6: src, dst6: dst };
  return request(
    deleteFlow,
    0,
    headerOf(family),
    { orig: { ip, proto }, zone },
    `forget the flow from ${src} to ${dst}`,
  );
}

/**
 * Forgets the flows to a port: their next packets meet the rules anew. Returns how many there were; one that ended meanwhile is
 * forgotten already. @throws {NetlinkError} EPERM
 */
export function forgetFlows(socket: Pick<NetlinkSocket, "batch" | "dump">, wanted: FlowFilter): number {
  const flows = socket.dump(listFlows(wanted));
  deleteAll(socket, flows.map(delFlow));
  return flows.length;
}

/** A fact from a message; `undefined` for what has no ports. */
export function readFlow({ family }: FlowHeader, { orig, zone }: FlowAttrs): Flow | undefined {
  const { ip, proto } = orig ?? {};
  const src = ip?.src4 ?? ip?.src6;
  const dst = ip?.dst4 ?? ip?.dst6;
  const protocol = (["tcp", "udp", "sctp"] as const).find((name) => protocols[name] === proto?.number);
  if (src === undefined || dst === undefined || protocol === undefined) return undefined;
  if (proto?.srcPort === undefined || proto.dstPort === undefined) return undefined;
  const { srcPort, dstPort } = proto;
  const flow = { family: family === families[6] ? 6 : 4, protocol, src, dst, srcPort, dstPort } as const;
  return zone === undefined ? flow : { ...flow, zone };
}

function headerOf(family: Family): FlowHeader {
  return { family: families[family], version: 0, resource: 0 };
}
