import { type GetOf, type SetOf, attrs, raw, s32, struct, u32, u64 } from "../../wire/index.ts";
import { fact } from "../_absent.ts";
import { headed } from "../_headed.ts";
import { FULL, TICKS_PER_MICROSECOND } from "./_rate.ts";

const random = struct({ probability: u32, correlation: u32 });

/** `TCA_NETEM_*` of linux/pkt_sched.h, behind `struct tc_netem_qopt`. All ones are the probability 1. */
export const netem = headed(
  "netem",
  struct({
    /** Ticks. */
    latency: u32,
    /** Packets. */
    limit: u32,
    loss: u32,
    gap: u32,
    duplicate: u32,
    /** Ticks. */
    jitter: u32,
  }),
  attrs(() => ({
    correlation: [1, struct({ delay: u32, loss: u32, duplicate: u32 })], // TCA_NETEM_CORR
    delayDist: [2, raw], // TCA_NETEM_DELAY_DIST
    reorder: [3, random], // TCA_NETEM_REORDER
    corrupt: [4, random], // TCA_NETEM_CORRUPT
    lossModel: [5, attrs({ states4: [1, raw], gilbertElliot: [2, raw] })], // TCA_NETEM_LOSS: NETEM_LOSS_GI, _GE
    rate: [6, struct({ rate: u32, packetOverhead: s32, cellSize: u32, cellOverhead: s32 })], // TCA_NETEM_RATE
    ecn: [7, u32], // TCA_NETEM_ECN
    rate64: [8, u64], // TCA_NETEM_RATE64
    /** Nanoseconds, a signed number that is never negative. */
    latency64: [10, u64], // TCA_NETEM_LATENCY64
    jitter64: [11, u64], // TCA_NETEM_JITTER64
    slot: [12, raw], // TCA_NETEM_SLOT
    slotDist: [13, raw], // TCA_NETEM_SLOT_DIST
    prngSeed: [15, u64], // TCA_NETEM_PRNG_SEED
  })),
);

/** A bad network. Times in microseconds, probabilities from 0 to 1. */
export interface NetemSet {
  readonly delay?: number;
  readonly jitter?: number;
  readonly loss?: number;
  readonly duplicate?: number;
  /** Part of the packets that go at once, past those that are delayed. */
  readonly reorder?: number;
  readonly corrupt?: number;
  /** Bytes per second. */
  readonly rate?: number;
  /** Packets that may wait; 1000 if absent. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 1000;

/** The options as tc(8) writes them, and nanoseconds where ticks of 64 ns are too coarse or too few. */
export function netemOptions(spec: NetemSet): SetOf<typeof netem> {
  const latency = timeOf(spec.delay);
  const jitter = timeOf(spec.jitter);
  return {
    header: {
      latency: latency.ticks,
      limit: spec.limit ?? DEFAULT_LIMIT,
      loss: share(spec.loss),
      gap: spec.reorder === undefined ? 0 : 1,
      duplicate: share(spec.duplicate),
      jitter: jitter.ticks,
    },
    attrs: {
      reorder: spec.reorder === undefined ? undefined : { probability: share(spec.reorder), correlation: 0 },
      corrupt: spec.corrupt === undefined ? undefined : { probability: share(spec.corrupt), correlation: 0 },
      rate64: spec.rate !== undefined && spec.rate > FULL ? BigInt(spec.rate) : undefined,
      rate:
        spec.rate === undefined
          ? undefined
          : { rate: Math.min(spec.rate, FULL), packetOverhead: 0, cellSize: 0, cellOverhead: 0 },
      latency64: latency.exact,
      jitter64: jitter.exact,
    },
  };
}

/** What was asked for, as the kernel tells it. */
export function readNetem({ header, attrs: values }: GetOf<typeof netem>): NetemSet {
  const rate = values.rate64 === undefined ? values.rate?.rate : Number(values.rate64);
  return fact<NetemSet>({
    delay: some(microseconds(header.latency, values.latency64)),
    jitter: some(microseconds(header.jitter, values.jitter64)),
    loss: some(header.loss / FULL),
    duplicate: some(header.duplicate / FULL),
    reorder: some((values.reorder?.probability ?? 0) / FULL),
    corrupt: some((values.corrupt?.probability ?? 0) / FULL),
    rate: some(rate ?? 0),
    limit: header.limit,
  });
}

function timeOf(microsecond = 0): { readonly ticks: number; readonly exact?: bigint } {
  const ticks = microsecond * TICKS_PER_MICROSECOND;
  if (Number.isInteger(ticks) && ticks <= FULL) return { ticks };
  return { ticks: Math.min(Math.trunc(ticks), FULL), exact: BigInt(Math.round(microsecond * 1000)) };
}

function microseconds(ticks: number, nanoseconds: bigint | undefined): number {
  return nanoseconds === undefined ? ticks / TICKS_PER_MICROSECOND : Number(nanoseconds) / 1000;
}

function share(probability = 0): number {
  return Math.round(probability * FULL);
}

function some(value: number): number | undefined {
  return value === 0 ? undefined : value;
}
