import type { Op } from "../../change/index.ts";
import type { Request } from "../../netlink/index.ts";
import {
  addBridgeVlan,
  addQdisc,
  addRedirect,
  addRule,
  delBridgeVlan,
  delFdb,
  delNeigh,
  delQdisc,
  delRule,
  handle,
  putFdb,
  putNeigh,
  putQdisc,
} from "../../rtnl/index.ts";
import { fdbPut, neighPut } from "./encode.ts";
import { qdiscPut } from "./qdisc.ts";
import type { NetlinkOp } from "./requests.ts";
import type { Session } from "./session.ts";

/** Ops about what becomes of packets on links that are there. */
type TrafficOp = Extract<
  NetlinkOp,
  { readonly do: `${"vlan" | "rule" | "neigh" | "fdb" | "redirect" | "qdisc"}.${string}` }
>;

/** What such an op asks of its namespace. */
export function trafficRequests(op: TrafficOp, session: Session): Request[] {
  switch (op.do) {
    case "vlan.add":
      return [addBridgeVlan({ index: session.indexOf(op.dev), ...op.vlan })];
    case "vlan.delete":
      return [
        delBridgeVlan({
          index: session.indexOf(op.dev),
          vid: op.vlan.vid,
          ...(op.vlan.last !== undefined && { last: op.vlan.last }),
        }),
      ];
    case "rule.add":
      return [addRule(op.rule)];
    case "rule.delete":
      return [delRule(op.rule)];
    case "neigh.put":
      return [putNeigh(neighPut(session, op.neigh))];
    case "neigh.delete":
      return [delNeigh({ index: session.indexOf(op.neigh.dev), ip: op.neigh.ip })];
    case "fdb.put":
      return [...(op.was === undefined ? [] : [delFdb(fdbPut(session, op.was))]), putFdb(fdbPut(session, op.fdb))];
    case "fdb.delete":
      return [delFdb(fdbPut(session, op.fdb))];
    case "redirect.add": {
      const index = session.indexOf(op.dev);
      return [addQdisc({ index, kind: "ingress" }), addRedirect({ index, to: session.indexOf(op.to) })];
    }
    case "redirect.delete":
      return [delQdisc({ index: session.indexOf(op.dev), kind: "ingress" })];
    case "qdisc.put":
      return [qdiscRequest(session.indexOf(op.dev), op)];
    case "qdisc.delete":
      return [delQdisc({ index: session.indexOf(op.dev) })];
    default:
      return op satisfies never;
  }
}

/** One that takes no other's place gets the handle that people give the first, `1:`. */
function qdiscRequest(index: number, { qdisc, fresh }: Extract<Op, { readonly do: "qdisc.put" }>): Request {
  const put = qdiscPut(index, qdisc);
  return fresh ? addQdisc({ ...put, handle: handle(1) }) : putQdisc(put);
}
