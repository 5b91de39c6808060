import { choice, struct, u16, u32, u8 } from "../../wire/index.ts";

/** `struct tc_ratespec` of linux/pkt_sched.h. */
export const ratespec = struct({
  cellLog: u8,
  linkLayer: choice(u8, { unaware: 0, ethernet: 1, atm: 2 }),
  overhead: u16,
  /** Signed in the header; only ever 0 or -1. */
  cellAlign: u16,
  mpu: u16,
  /** Bytes per second; all ones if it takes 64 bits. */
  rate: u32,
});

/** Ticks of the queues' clock per microsecond, /proc/net/psched: one is 64 ns (PSCHED_SHIFT of net/pkt_sched.h). */
export const TICKS_PER_MICROSECOND = 15.625;

/** All ones: the value is elsewhere, or the largest. */
export const FULL = 0xffff_ffff;

/** Ticks to send `bytes` at `rate` bytes per second, rounded as tc rounds (tc_calc_xmittime). */
export function ticksOf(bytes: number, rate: number): number {
  return Math.min(Math.trunc(Math.trunc(1e6 * (bytes / rate)) * TICKS_PER_MICROSECOND), FULL);
}

/** Bytes sent in `ticks` at `rate` bytes per second. */
export function bytesOf(ticks: number, rate: number): number {
  return Math.round((rate * ticks) / TICKS_PER_MICROSECOND / 1e6);
}

/** Entry `i` of a rate table is the time for `(i + 1) << CELL_LOG` bytes, to reach beyond an Ethernet frame. */
const CELLS = 256;
const CELL_LOG = 3;

/** The rate as tc writes it: the structure, 64 bits where needed, and the table of sending times. */
export function rateOf(rate: number) {
  const low = Math.min(rate, FULL);
  const table = Uint32Array.from({ length: CELLS }, (_, i) => ticksOf((i + 1) << CELL_LOG, low));
  return {
    spec: { cellLog: CELL_LOG, linkLayer: "ethernet", overhead: 0, cellAlign: 0xffff, mpu: 0, rate: low },
    rate64: rate > FULL ? BigInt(rate) : undefined,
    table: new Uint8Array(table.buffer),
  } as const;
}

/** No rate. */
export const noRate = { cellLog: 0, linkLayer: "unaware", overhead: 0, cellAlign: 0, mpu: 0, rate: 0 } as const;
