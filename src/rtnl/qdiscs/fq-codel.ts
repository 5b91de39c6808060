import { attrs, u32, u8 } from "../../wire/index.ts";

/** Fair queueing with controlled delay, RFC 8290: `TCA_FQ_CODEL_*` of linux/pkt_sched.h. Times in microseconds. */
export const fqCodel = attrs(() => ({
  target: [1, u32], // TCA_FQ_CODEL_TARGET
  /** Packets. */
  limit: [2, u32], // TCA_FQ_CODEL_LIMIT
  interval: [3, u32], // TCA_FQ_CODEL_INTERVAL
  ecn: [4, u32], // TCA_FQ_CODEL_ECN
  flows: [5, u32], // TCA_FQ_CODEL_FLOWS
  /** Bytes. */
  quantum: [6, u32], // TCA_FQ_CODEL_QUANTUM
  ceThreshold: [7, u32], // TCA_FQ_CODEL_CE_THRESHOLD
  dropBatchSize: [8, u32], // TCA_FQ_CODEL_DROP_BATCH_SIZE
  /** Bytes. */
  memoryLimit: [9, u32], // TCA_FQ_CODEL_MEMORY_LIMIT
  ceThresholdSelector: [10, u8], // TCA_FQ_CODEL_CE_THRESHOLD_SELECTOR
  ceThresholdMask: [11, u8], // TCA_FQ_CODEL_CE_THRESHOLD_MASK
}));
