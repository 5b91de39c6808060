import { type GetOf, type SetOf, attrs, raw, struct, u32, u64 } from "../../wire/index.ts";
import { bytesOf, noRate, rateOf, ratespec, ticksOf } from "./_rate.ts";

/** `TCA_TBF_*` of linux/pkt_sched.h; `buffer` and `mtu` in ticks. */
export const tbf = attrs(() => ({
  parms: [1, struct({ rate: ratespec, peakRate: ratespec, limit: u32, buffer: u32, mtu: u32 })], // TCA_TBF_PARMS
  rtab: [2, raw], // TCA_TBF_RTAB
  ptab: [3, raw], // TCA_TBF_PTAB
  rate64: [4, u64], // TCA_TBF_RATE64
  peakRate64: [5, u64], // TCA_TBF_PRATE64
  /** Bytes. */
  burst: [6, u32], // TCA_TBF_BURST
  peakBurst: [7, u32], // TCA_TBF_PBURST
}));

/** A token bucket: lets `rate` through, after bursts. */
export interface TbfSet {
  /** Bytes per second. */
  readonly rate: number;
  /** Bytes that may pass at once. */
  readonly burst: number;
  /** The longest wait, microseconds. */
  readonly latency?: number;
  /** Bytes that may wait, in place of `latency`. */
  readonly limit?: number;
}

/** The options as tc(8) writes them. */
export function tbfOptions({ rate, burst, limit, latency = 0 }: TbfSet): SetOf<typeof tbf> {
  const { spec, rate64, table } = rateOf(rate);
  const waiting = limit ?? Math.trunc((rate * latency) / 1e6 + burst);
  const buffer = ticksOf(burst, spec.rate);
  return { parms: { rate: spec, peakRate: noRate, limit: waiting, buffer, mtu: 0 }, burst, rate64, rtab: table };
}

/** The kernel answers the burst in ticks, so bytes and microseconds are rounded. */
export function readTbf({ parms, rate64 }: GetOf<typeof tbf>): TbfSet | undefined {
  if (parms === undefined) return undefined;
  const rate = rate64 === undefined ? parms.rate.rate : Number(rate64);
  const burst = bytesOf(parms.buffer, rate);
  const latency = Math.max(0, Math.round(((parms.limit - burst) * 1e6) / rate));
  return { rate, burst, limit: parms.limit, latency };
}
