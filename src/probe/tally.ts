import { type Family, familyOf, ipFromBytes } from "../values/index.ts";
import { icmpErrorText } from "./icmp-error.ts";
import type { Arrival } from "./packet.ts";
import type { MatrixResult, MatrixSummary, PairResult, ProbePair } from "./result.ts";
import { rttOf } from "./rtt.ts";

type IcmpError = Extract<Arrival, { what: "error" }>;

/** What is known of one pair while the matrix runs. */
export class Tally {
  readonly pair: ProbePair;
  readonly family: Family;
  sent = 0;
  /** Nanoseconds each. */
  readonly rtts: number[] = [];
  /** Who answered instead of whom was asked. */
  answeredBy?: string;
  /** Errno name. */
  refusal?: string;
  error?: IcmpError;

  constructor(pair: ProbePair) {
    this.pair = pair;
    this.family = familyOf(pair.address);
  }

  get reached(): boolean {
    return this.rtts.length > 0;
  }

  get ok(): boolean {
    return this.reached === this.pair.expect;
  }

  /** The result; `facts` for a pair that is not as expected. */
  result(facts?: readonly string[]): PairResult {
    const { pair, family, sent, rtts, answeredBy, refusal, error } = this;
    const rtt = rttOf(rtts);
    return {
      from: pair.from.name,
      to: pair.to.name,
      address: pair.address,
      family,
      expect: pair.expect,
      sent,
      received: rtts.length,
      loss: lossOf(sent, rtts.length),
      ...(rtt === undefined ? {} : { rtt }),
      reached: this.reached,
      ok: this.ok,
      ...(answeredBy === undefined ? {} : { answeredBy }),
      ...(refusal === undefined ? {} : { refusal }),
      ...(error === undefined ? {} : { icmp: icmpErrorText(family, error.type, error.code, error.mtu) }),
      ...(error?.sender === undefined ? {} : { icmpFrom: ipFromBytes(error.sender) }),
      ...(facts === undefined || facts.length === 0 ? {} : { facts }),
    };
  }
}

/** All of it. `factsOf` gives the facts of the pair with that index. */
export function matrixResult(
  tallies: readonly Tally[],
  durationMs: number,
  factsOf: (index: number) => readonly string[] | undefined,
): MatrixResult {
  const pairs = tallies.map((tally, index) => tally.result(factsOf(index)));
  return { schemaVersion: 1, pairs, summary: summaryOf(tallies, durationMs) };
}

function summaryOf(tallies: readonly Tally[], durationMs: number): MatrixSummary {
  const expected = tallies.filter(({ pair }) => pair.expect);
  const sum = (of: (tally: Tally) => number): number => expected.reduce((total, tally) => total + of(tally), 0);
  const ok = tallies.reduce((count, tally) => count + (tally.ok ? 1 : 0), 0);
  const rtt = (family: Family) => rttOf(tallies.flatMap((tally) => (tally.family === family ? tally.rtts : [])));
  const rtt4 = rtt(4);
  const rtt6 = rtt(6);
  return {
    pairs: tallies.length,
    ok,
    failed: tallies.length - ok,
    loss: lossOf(
      sum(({ sent }) => sent),
      sum(({ rtts }) => rtts.length),
    ),
    ...(rtt4 === undefined ? {} : { rtt4 }),
    ...(rtt6 === undefined ? {} : { rtt6 }),
    durationMs: Math.round(durationMs * 10) / 10,
  };
}

function lossOf(sent: number, received: number): number {
  return sent === 0 ? 0 : (sent - received) / sent;
}
