import type { LinkFact, Op } from "../../change/index.ts";
import {
  type Call,
  CniError,
  HOST,
  type Plugin,
  type Result,
  type Work,
  codes,
  versionsFrom,
} from "../../cni/index.ts";
import { OpError } from "../../kernel/index.ts";
import { podLink, prevResultOf } from "../_chained.ts";
import { hostLinkOf, hostNames, tryHostLink } from "../_host-link.ts";
import { aliasOf, isAliasIn } from "../_names.ts";
import { needKind } from "../_ready.ts";
import { type BandwidthFacts, checkBandwidth, ifbOf, planBandwidth, planRelease, referenceIfbOf } from "./plan.ts";
import { type BandwidthConf, parseBandwidth } from "./schema.ts";

/** Limits what a container sends and receives. */
export const bandwidth: Plugin<BandwidthConf> = {
  name: "bandwidth",
  about: "limits what a container sends and receives",
  versions: versionsFrom("0.3.0"),
  parse: parseBandwidth,

  add(conf, call, work): Result {
    // Without limits and without a result there is nothing to pass on.
    const prev = prevResultOf(call, "bandwidth");
    if (conf.ingress === undefined && conf.egress === undefined) return prev;
    const host = hostLink(call, work, prev);
    const { ops, result } = planBandwidth(conf, call, host, prev);
    runAll(ops, work);
    return result;
  },

  del(_, call, work): void {
    for (let ops = releaseOps(call, work), left = ops; ops.length > 0; ops = left) {
      try {
        work.run(ops);
        return;
      } catch (error) {
        // Another DEL, or the kernel with the container's namespace, may have been quicker.
        left = releaseOps(call, work);
        if (!(error instanceof OpError) || left.length >= ops.length) throw error;
      }
    }
  },

  check(conf, call, work): void {
    const prev = prevResultOf(call, "bandwidth");
    if (conf.ingress === undefined && conf.egress === undefined) return;
    checkBandwidth(conf, factsOf(call, work, hostLink(call, work, prev)));
  },

  status(_, _call, work): void {
    needKind(work, "ifb");
  },

  gc(_, { network, valid }, { kernel }): void {
    if (valid === undefined) return;
    const keep = new Set(
      valid.map(({ containerID, ifname }) => aliasOf({ network, containerId: containerID, ifname })),
    );
    const links = kernel.facts({ namespaces: [HOST], depth: "links" }).get(HOST)?.links ?? [];
    const stale = links.filter(
      ({ kind, alias = "" }) => kind === "ifb" && isAliasIn(network, alias) && !keep.has(alias),
    );
    kernel.run(stale.map(({ name }) => ({ do: "link.delete", netns: HOST, name })));
  },
};

/** How what is there now is taken away. */
function releaseOps(call: Call, work: Work): readonly Op[] {
  const { kernel } = work;
  const host = tryHostLink(call, work);
  const queues = host && kernel.queues(HOST, host.name);
  const names = [ifbOf(call), ...(isUsedByOthers(call, host, work) ? [] : [referenceIfbOf(call)])];
  const ifbs = names.filter((name) => kernel.link(HOST, name) !== undefined);
  return planRelease({ ifbs, ...(host && queues && { host: { name: host.name, queues } }) });
}

/**
 * The reference's device has one name for all interfaces of a container in a network: whether another one sends through it.
 * Who says nothing of the interface wants the container gone.
 */
function isUsedByOthers(call: Call, host: LinkFact | undefined, { kernel }: Work): boolean {
  const ifb = referenceIfbOf(call);
  const own = new Set([...(host === undefined ? [] : [host.name]), ...hostNames(call.prevResult ?? {})]);
  if (own.size === 0 || kernel.link(HOST, ifb) === undefined) return false;
  const links = kernel.facts({ namespaces: [HOST], depth: "links" }).get(HOST)?.links ?? [];
  return links.some(
    ({ name, kind }) => kind === "veth" && !own.has(name) && kernel.queues(HOST, name)?.redirect === ifb,
  );
}

function factsOf(call: Call, { kernel }: Work, host: LinkFact): BandwidthFacts {
  const queues = kernel.queues(HOST, host.name) ?? {};
  const link = kernel.link(HOST, ifbOf(call)) ?? kernel.link(HOST, referenceIfbOf(call));
  return { host, queues, ...(link && { ifb: { link, queues: kernel.queues(HOST, link.name) ?? {} } }) };
}

/** The end on the host of the veth whose other end the container has. @throws {CniError} 102 */
function hostLink(call: Call, work: Work, prev: Result): LinkFact {
  const there = podLink(work, call);
  const found = hostLinkOf(there, prev, work);
  if (found !== undefined) return found;
  const isVeth = there.kind === "veth";
  throw new CniError(
    call.command === "CHECK" ? codes.checkFailed : codes.missing,
    `cannot limit ${call.ifname}: ${isVeth ? "its other end is not among the host's interfaces" : `it is not a veth but ${there.kind ?? "a device of another kind"}`}`,
    isVeth
      ? `at prevResult.interfaces: it names ${hostNames(prev).join(", ") || "none"} on the host`
      : "bandwidth works behind plugins that make a veth, such as bridge and ptp",
  );
}

/** A redirection that the kernel refuses halfway, for want of the filter, has left its discipline: it goes at once. */
function runAll(ops: readonly Op[], work: Work): void {
  try {
    work.run(ops);
  } catch (error) {
    if (error instanceof OpError && error.op.do === "redirect.add" && error.code === "unsupported") {
      const { netns, dev, to } = error.op;
      work.kernel.run([{ do: "redirect.delete", netns, dev, to }]);
    }
    throw error;
  }
}
