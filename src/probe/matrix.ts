import { familyOf } from "../values/index.ts";
import { type Campaign, conduct } from "./campaign.ts";
import { ProbeError } from "./error.ts";
import { Explainer } from "./explain.ts";
import { makeStamp, sizeLimits } from "./packet.ts";
import type { MatrixResult, ProbeOptions, ProbePair } from "./result.ts";
import { Run } from "./run.ts";
import { Stations } from "./station.ts";
import { Tally, matrixResult } from "./tally.ts";
import { Witnesses } from "./witness.ts";

const DEFAULT_TIMEOUT_MS = 1000;
const NS_PER_MS = 1_000_000;

/**
 * Asks every pair by ICMP echo (RFC 792, RFC 4443 §4) from inside its source's namespace: no child process, one raw
 * socket per source and family. Pairs that do not answer share one waiting time.
 *
 * @throws {ProbeError} `bad-size`, `bad-count`; {@link SysError} EPERM without CAP_NET_RAW in the namespaces, EMFILE;
 * the reason of `signal` once it is aborted
 */
export async function runMatrix(pairs: readonly ProbePair[], options: ProbeOptions = {}): Promise<MatrixResult> {
  const campaign = campaignOf(pairs, options);
  options.signal?.throwIfAborted();
  if (pairs.length === 0) return matrixResult([], 0, () => undefined);
  const start = Bun.nanoseconds();
  const tallies = pairs.map((pair) => new Tally(pair));
  const stamp = makeStamp();
  using stations = new Stations(pairs, stamp, campaign.size);
  using witnesses = new Witnesses([...stations.all().map(({ end }) => end), ...(options.answerers ?? [])], stamp);
  const total = pairs.length * campaign.count;
  const onTurn = (sent: number): void => options.onProgress?.(Math.min(sent, total), total);
  const run = new Run(tallies, stations, witnesses, { timeoutMs: campaign.timeoutMs, signal: options.signal, onTurn });
  await conduct(run, campaign);
  onTurn(total);
  const durationMs = (Bun.nanoseconds() - start) / NS_PER_MS;
  const facts = options.explain === false ? [] : await explain(run, stations, options);
  run.tidy();
  return matrixResult(tallies, durationMs, (index) => facts[index]);
}

/** @throws {ProbeError} */
function campaignOf(pairs: readonly ProbePair[], options: ProbeOptions): Campaign {
  const { count = 1, timeoutMs = DEFAULT_TIMEOUT_MS, retries = 0, intervalMs = 0, size } = options;
  if (!Number.isInteger(count) || count < 1) {
    throw new ProbeError("bad-count", `${count} requests per pair cannot be sent: give a whole number from 1`);
  }
  if (!Number.isInteger(retries) || retries < 0) {
    throw new ProbeError("bad-count", `${retries} is no number of retries: give a whole number from 0`);
  }
  if (size === undefined) return { count, timeoutMs, retries, intervalMs };
  for (const family of new Set(pairs.map(({ address }) => familyOf(address)))) {
    const [smallest, largest] = sizeLimits(family);
    if (Number.isInteger(size) && size >= smallest && size <= largest) continue;
    const problem = `an IPv${family} packet of ${size} bytes cannot carry a probe`;
    throw new ProbeError("bad-size", `${problem}: give ${smallest} to ${largest}`);
  }
  return { count, timeoutMs, retries, intervalMs, size };
}

/** How many pairs are explained before others get their turn. */
const AT_ONCE = 64;

async function explain(
  { tallies, crowded }: Run,
  stations: Stations,
  { size, owners, signal }: ProbeOptions,
): Promise<(readonly string[] | undefined)[]> {
  const explainer = new Explainer(stations, { size, owners, crowded });
  const facts: (readonly string[] | undefined)[] = [];
  let explained = 0;
  for (const tally of tallies) {
    facts.push(tally.ok ? undefined : explainer.factsOf(tally));
    if (tally.ok || ++explained % AT_ONCE !== 0) continue;
    await new Promise(setImmediate);
    signal?.throwIfAborted();
  }
  return facts;
}
