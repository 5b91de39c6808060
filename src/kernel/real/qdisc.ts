import type { LinkFact, QdiscSpec } from "../../change/index.ts";
import type { Qdisc, QdiscPut } from "../../rtnl/index.ts";
import { present } from "./encode.ts";

/** A root discipline as a request. */
export function qdiscPut(index: number, spec: QdiscSpec): QdiscPut {
  return { index, ...spec };
}

/** A root discipline as a fact. */
export function qdiscFact(qdisc: Qdisc): NonNullable<LinkFact["qdisc"]> {
  switch (qdisc.kind) {
    case "tbf":
      return { kind: "tbf", rate: qdisc.rate, burst: qdisc.burst, latency: qdisc.latency ?? 0 };
    case "netem": {
      const { delay, jitter, loss, duplicate, reorder, corrupt, rate, limit } = qdisc;
      return present<Extract<QdiscSpec, { kind: "netem" }>>({
        kind: "netem",
        delay,
        jitter,
        loss,
        duplicate,
        reorder,
        corrupt,
        rate,
        limit,
      });
    }
    case "other":
      return { kind: "other", name: qdisc.otherKind };
    case "htb":
    case "fq_codel":
    case "ingress":
      return { kind: "other", name: qdisc.kind };
    default:
      return qdisc satisfies never;
  }
}
