import type { QdiscSpec } from "../../change/index.ts";
import { deviceMtu, leastMtus } from "../topology.ts";
import type { ImpairmentSpec, Topology } from "../topology.ts";

/** Bytes a token bucket holds: 4 ms of the rate, and never less than a few offloaded packets' worth. */
const leastBurst = 16 * 1024;
/** Microseconds a packet may wait for tokens. */
const tbfLatency = 50_000;
/** netem's own default, packets. */
const leastLimit = 1000;
const mostLimit = 1_000_000;
/** What a link without a rate is taken to carry, bytes per second: 10 Gbit/s. */
const assumedRate = 1.25e9;

/** The queueing disciplines of a lab's impaired interfaces, by `namespace/interface`. */
export function planImpairments(topology: Topology): ReadonlyMap<string, QdiscSpec> {
  const mtu = deviceMtu(leastMtus(topology.networks));
  return new Map(topology.impairments.map((each) => [`${each.netns}/${each.dev}`, qdiscOf(each, mtu)]));
}

/** A rate alone is a token bucket, which every kernel has; anything else needs netem. */
export function qdiscOf({ rate, delay, jitter, loss }: ImpairmentSpec, mtu: number): QdiscSpec {
  if (rate !== undefined && delay === undefined && jitter === undefined && loss === undefined) {
    return { kind: "tbf", rate, burst: Math.max(Math.ceil(rate / 250), leastBurst), latency: tbfLatency };
  }
  // netem keeps delayed packets in its queue: room for what arrives meanwhile, twice over.
  const waiting = ((delay ?? 0) + (jitter ?? 0)) / 1e6;
  const packets = Math.ceil((2 * (rate ?? assumedRate) * waiting) / mtu);
  return {
    kind: "netem",
    ...(delay === undefined ? {} : { delay }),
    ...(jitter === undefined ? {} : { jitter }),
    ...(loss === undefined ? {} : { loss }),
    ...(rate === undefined ? {} : { rate }),
    limit: Math.min(Math.max(packets, leastLimit), mostLimit),
  };
}
