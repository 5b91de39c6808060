import type { NsFd } from "../sys/index.ts";
import type { Family, IfName, Ip } from "../values/index.ts";
import type { Rtt } from "./rtt.ts";

/** A place that probes leave from and arrive at: a pod or a node. */
export interface ProbeEnd {
  readonly name: string;
  /** Its network namespace, held open by the caller for as long as the matrix runs. */
  readonly netns: NsFd;
  /** Its main interface, when it has one: named in explanations. */
  readonly dev?: IfName;
  /** The addresses it is meant to have. */
  readonly addrs: readonly Ip[];
}

/** One question: does `from` reach `to` at `address`, and should it? */
export interface ProbePair {
  readonly from: ProbeEnd;
  readonly to: ProbeEnd;
  readonly address: Ip;
  readonly expect: boolean;
}

export interface ProbeOptions {
  /** Echo requests per pair; 1 by default. */
  readonly count?: number;
  /** How long an answer may take, in milliseconds; 1000 by default. */
  readonly timeoutMs?: number;
  /** How often a pair that should reach and did not is asked again; 0 by default. */
  readonly retries?: number;
  /** Size of the whole IP packet in bytes, sent unfragmented (DF); the smallest possible by default. */
  readonly size?: number;
  /** At least this long between two requests to one address, in milliseconds; 0 by default. */
  readonly intervalMs?: number;
  /** All who may answer, also those that are not asked: who has an address that another has too is told from it. */
  readonly answerers?: readonly ProbeEnd[];
  /** Name of what owns an address that is no end of the matrix, such as a gateway on a node. */
  readonly owners?: (ip: Ip) => string | undefined;
  /** `false` leaves out the facts. */
  readonly explain?: boolean;
  /** Told now and then how many requests of all have gone out. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** What became of one pair. A plain value that JSON can carry. */
export interface PairResult {
  readonly from: string;
  readonly to: string;
  readonly address: Ip;
  readonly family: Family;
  readonly expect: boolean;
  readonly sent: number;
  readonly received: number;
  /** Share of the requests without an answer, 0 to 1. */
  readonly loss: number;
  /** Absent without an answer. */
  readonly rtt?: Rtt;
  /** At least one answer came, and it was `to` that was asked. */
  readonly reached: boolean;
  /** Who answered instead, having the same address; empty if nobody of the lab. */
  readonly answeredBy?: string;
  /** It is as expected. */
  readonly ok: boolean;
  /** Errno name with which the kernel refused to send: `ENETUNREACH`, `EMSGSIZE`. */
  readonly refusal?: string;
  /** The ICMP error that came instead of an answer. */
  readonly icmp?: string;
  /** Who sent it; absent for IPv6, where a raw socket does not show it. */
  readonly icmpFrom?: Ip;
  /** For a pair that is not ok: the most likely reasons, most likely first, at most two. */
  readonly facts?: readonly string[];
}

export interface MatrixSummary {
  readonly pairs: number;
  readonly ok: number;
  readonly failed: number;
  /** Share of the requests that should have been answered and were not, 0 to 1. */
  readonly loss: number;
  /** Round trips of all pairs of a family; absent without an answer. */
  readonly rtt4?: Rtt;
  readonly rtt6?: Rtt;
  readonly durationMs: number;
}

export interface MatrixResult {
  readonly schemaVersion: 1;
  readonly pairs: readonly PairResult[];
  readonly summary: MatrixSummary;
}
