import { type SetOf, attrs, flag, raw, struct, u32, u64 } from "../../wire/index.ts";
import { rateOf, ratespec, ticksOf } from "./_rate.ts";

/** `struct tc_htb_opt`; `buffer` and `ceilBuffer` in ticks. */
const parms = struct({
  rate: ratespec,
  ceil: ratespec,
  buffer: u32,
  ceilBuffer: u32,
  quantum: u32,
  level: u32,
  priority: u32,
});

/** Hierarchical token buckets: `TCA_HTB_*` of linux/pkt_sched.h, of the discipline (`init`) and its classes (`parms`). */
export const htb = attrs(() => ({
  parms: [1, parms], // TCA_HTB_PARMS
  init: [2, struct({ version: u32, rateToQuantum: u32, defaultClass: u32, debug: u32, directPackets: u32 })], // TCA_HTB_INIT
  ctab: [3, raw], // TCA_HTB_CTAB
  rtab: [4, raw], // TCA_HTB_RTAB
  directQueueLen: [5, u32], // TCA_HTB_DIRECT_QLEN
  rate64: [6, u64], // TCA_HTB_RATE64
  ceil64: [7, u64], // TCA_HTB_CEIL64
  offload: [9, flag], // TCA_HTB_OFFLOAD
}));

/** The discipline. */
export interface HtbSet {
  /** Minor number of the class for what no filter sends elsewhere; 0 lets it pass unshaped. */
  readonly defaultClass?: number;
}

/** A class of the discipline. */
export interface HtbClassSet {
  /** Bytes per second it is sure of. */
  readonly rate: number;
  /** Bytes per second it may borrow up to; `rate` if absent. */
  readonly ceil?: number;
  /** Bytes; what tc takes (1600 and a billionth of the rate) if absent. */
  readonly burst?: number;
  readonly ceilBurst?: number;
  /** 0 first. */
  readonly priority?: number;
}

const VERSION = 3;
const RATE_TO_QUANTUM = 10;
const FRAME = 1600;
const HZ = 1e9;

/** The discipline's options as tc(8) writes them. */
export function htbOptions({ defaultClass = 0 }: HtbSet): SetOf<typeof htb> {
  return {
    init: { version: VERSION, rateToQuantum: RATE_TO_QUANTUM, defaultClass, debug: 0, directPackets: 0 },
  };
}

/** A class's options as tc(8) writes them. */
export function htbClassOptions({ rate, ceil = rate, burst, ceilBurst, priority = 0 }: HtbClassSet): SetOf<typeof htb> {
  const own = rateOf(rate);
  const most = rateOf(ceil);
  const buffer = ticksOf(burst ?? Math.trunc(rate / HZ) + FRAME, rate);
  const ceilBuffer = ticksOf(ceilBurst ?? Math.trunc(ceil / HZ) + FRAME, ceil);
  return {
    rate64: own.rate64,
    ceil64: most.rate64,
    parms: { rate: own.spec, ceil: most.spec, buffer, ceilBuffer, quantum: 0, level: 0, priority },
    rtab: own.table,
    ctab: most.table,
  };
}
