import { type Call, Section, invalid } from "../../cni/index.ts";
import { isTakingAway } from "../_conf.ts";

/** A token bucket. */
export interface Limit {
  /** Bytes per second. */
  readonly rate: number;
  /** Bytes that may pass at once. */
  readonly burst: number;
}

/** Limits as the container sees them; absent is unlimited. */
export interface BandwidthConf {
  /** Of what it receives. */
  readonly ingress?: Limit;
  /** Of what it sends. */
  readonly egress?: Limit;
}

const KEYS = ["ingressRate", "ingressBurst", "egressRate", "egressBurst"] as const;
/** How long a packet may wait, microseconds: as the reference has it. */
export const LATENCY = 25_000;
/** The kernel counts what may wait in 32 bits: a burst, and what comes during the latency. */
const MOST_BYTES = 0xffff_ffff;

/** The plugin's own limits; without any of them those of the runtime. DEL and GC need neither. @throws {CniError} 7 */
export function parseBandwidth(call: Call): BandwidthConf {
  if (isTakingAway(call)) return {};
  const conf = new Section(call.conf);
  const own = KEYS.some((key) => conf.raw(key) !== undefined);
  const from = own ? conf : conf.object("runtimeConfig")?.object("bandwidth");
  if (from === undefined) return {};
  const ingress = limitOf(from, "ingress");
  const egress = limitOf(from, "egress");
  return { ...(ingress && { ingress }), ...(egress && { egress }) };
}

/** Bits in the configuration, bytes here. */
function limitOf(from: Section, direction: "ingress" | "egress"): Limit | undefined {
  const [rateKey, burstKey] = [`${direction}Rate`, `${direction}Burst`];
  const rate = from.int(rateKey, { min: 0 }) ?? 0;
  const burst = from.int(burstKey, { min: 0 }) ?? 0;
  if (rate === 0 && burst === 0) return undefined;
  if (burst === 0) throw invalid(from.at(burstKey), `is missing, but ${rateKey} is given`, "write both, in bits");
  if (rate === 0)
    throw invalid(from.at(rateKey), `is missing, but ${burstKey} is given`, "write both, in bits per second");
  if (rate < 8) throw invalid(from.at(rateKey), `is ${rate}`, "write at least 8 bits per second");
  if (burst < 8) throw invalid(from.at(burstKey), `is ${burst}`, "write at least 8 bits, better those of some packets");
  if (burst / 8 >= MOST_BYTES)
    throw invalid(from.at(burstKey), `is ${burst}`, "write less than 4 GiB in bits (34359738360)");
  const most = Math.floor(((MOST_BYTES - burst / 8) * 1e6) / LATENCY) * 8;
  if (rate > most)
    throw invalid(from.at(rateKey), `is ${rate}`, `write at most ${most} bits per second with this ${burstKey}`);
  return { rate: Math.trunc(rate / 8), burst: Math.trunc(burst / 8) };
}
