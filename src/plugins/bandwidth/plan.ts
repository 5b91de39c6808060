import type { LinkFact, Op, QdiscSpec, QueueFacts } from "../../change/index.ts";
import { CniError, HOST, type Result, codes } from "../../cni/index.ts";
import { type IfName, type Mac, parseIfName, stableMac } from "../../values/index.ts";
import { differs } from "../_chained.ts";
import { aliasOf } from "../_names.ts";
import type { Identity } from "../_owner.ts";
import { type BandwidthConf, LATENCY, type Limit } from "./schema.ts";

const PREFIX = "bwp";
const HASH_DIGITS = 12;

/** The device through which goes what the container sends: always the same for an attachment. */
export function ifbOf({ network, containerId, ifname }: Identity): IfName {
  const hash = Bun.CryptoHasher.hash("sha256", `${network}/${containerId}/${ifname}`, "hex");
  return parseIfName(`${PREFIX}${hash.slice(0, HASH_DIGITS)}`);
}

/** The name that the reference gives it: the same for all interfaces that a container has to a network. */
export function referenceIfbOf({ network, containerId }: Identity): IfName {
  const hash = Bun.CryptoHasher.hash("sha512", `${network}${containerId}`, "hex");
  return parseIfName(`${PREFIX}${hash.slice(0, HASH_DIGITS)}`);
}

export interface BandwidthPlan {
  readonly ops: readonly Op[];
  readonly result: Result;
}

/**
 * What ADD does. What the container receives waits at its veth's end on the host; what it sends comes in there, and waits on
 * its way through a device of its own.
 */
export function planBandwidth(conf: BandwidthConf, identity: Identity, host: LinkFact, prev: Result): BandwidthPlan {
  const { ingress, egress } = conf;
  const received: readonly Op[] = ingress === undefined ? [] : [bucketOp(host.name, ingress)];
  if (egress === undefined) return { ops: received, result: prev };
  const name = ifbOf(identity);
  const alias = aliasOf(identity);
  const mac: Mac = stableMac(alias);
  return {
    ops: [
      ...received,
      { do: "link.add", netns: HOST, link: { name, kind: "ifb", mtu: host.mtu, mac, alias, txQueueLen: 0, up: true } },
      bucketOp(name, egress),
      { do: "redirect.add", netns: HOST, dev: host.name, to: name },
    ],
    result: { ...prev, interfaces: [...(prev.interfaces ?? []), { name, mac, mtu: host.mtu }] },
  };
}

function bucketOp(dev: IfName, limit: Limit): Op {
  return { do: "qdisc.put", netns: HOST, dev, qdisc: bucketOf(limit), fresh: true };
}

function bucketOf({ rate, burst }: Limit): QdiscSpec {
  return { kind: "tbf", rate, burst, latency: LATENCY };
}

/** What is there at DEL. */
export interface Remains {
  /** The devices of this attachment that are there, ours and the reference's. */
  readonly ifbs: readonly IfName[];
  /** The end of the veth on the host, if it can be told. */
  readonly host?: { readonly name: IfName; readonly queues: QueueFacts };
}

/** What DEL does. What came in is let through again before the device that it went to goes. */
export function planRelease({ ifbs, host }: Remains): readonly Op[] {
  const { redirect, root } = host?.queues ?? {};
  return [
    ...(host !== undefined && redirect !== undefined && redirect.startsWith(PREFIX)
      ? [{ do: "redirect.delete", netns: HOST, dev: host.name, to: redirect } as const]
      : []),
    ...(host !== undefined && root?.kind === "tbf"
      ? [{ do: "qdisc.delete", netns: HOST, dev: host.name, was: root } as const]
      : []),
    ...ifbs.map((name): Op => ({ do: "link.delete", netns: HOST, name })),
  ];
}

/** What CHECK looks at. */
export interface BandwidthFacts {
  readonly host: LinkFact;
  readonly queues: QueueFacts;
  /** The device of what the container sends, where there is one. */
  readonly ifb?: { readonly link: LinkFact; readonly queues: QueueFacts };
}

/** What CHECK finds first. @throws {CniError} 105 */
export function checkBandwidth({ ingress, egress }: BandwidthConf, { host, queues, ifb }: BandwidthFacts): void {
  if (ingress !== undefined) checkBucket(host.name, ingress, queues, "ingressRate");
  if (egress === undefined) return;
  if (ifb === undefined) {
    throw new CniError(
      codes.checkFailed,
      "what the container sends is not limited: the device that it goes through is gone",
      "at egressRate: somebody deleted it after ADD",
    );
  }
  const { name, up } = ifb.link;
  if (!up) throw differs(name, "down", "up", "egressRate");
  if (queues.redirect !== name) {
    throw differs(
      `what comes in on ${host.name}`,
      queues.redirect ?? "redirected nowhere",
      `redirected to ${name}`,
      "egressRate",
    );
  }
  checkBucket(name, egress, ifb.queues, "egressRate");
}

function checkBucket(dev: string, limit: Limit, { root }: QueueFacts, where: string): void {
  if (root?.kind !== "tbf") {
    const is = root?.kind === "other" ? root.name : (root?.kind ?? "none");
    throw differs(`the queueing discipline of ${dev}`, is, "tbf", where);
  }
  if (root.rate !== limit.rate) throw differs(`the rate of ${dev}`, `${root.rate * 8}`, `${limit.rate * 8}`, where);
  if (Math.abs(root.burst - limit.burst) <= grain(limit.rate)) return;
  // The kernel tells a burst as a time in 32 bits; a longer one cannot be compared.
  if (limit.burst / limit.rate >= MOST_SECONDS) return;
  throw differs(`the burst of ${dev}`, `${root.burst * 8}`, `${limit.burst * 8}`, where.replace("Rate", "Burst"));
}

/** 2^32 ticks of 64 ns. */
const MOST_SECONDS = 274;

/** How far a burst is off that was turned into whole microseconds and ticks, and back; bytes. */
function grain(rate: number): number {
  return Math.ceil((2 * rate) / 1e6) + 1;
}
