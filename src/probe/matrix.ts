import { familyOf } from "../values/index.ts";
import { ProbeError } from "./error.ts";
import { Explainer } from "./explain.ts";
import { sizeLimits } from "./packet.ts";
import type { MatrixResult, ProbeOptions, ProbePair } from "./result.ts";
import { Run } from "./run.ts";
import { matrixResult } from "./tally.ts";

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
  const { count = 1, timeoutMs = DEFAULT_TIMEOUT_MS, retries = 0, size, intervalMs = 0, signal, onProgress } = options;
  check(pairs, options);
  signal?.throwIfAborted();
  if (pairs.length === 0) return matrixResult([], 0, () => undefined);
  const total = pairs.length * count;
  const start = Bun.nanoseconds();
  const onTurn = (sent: number): void => onProgress?.(Math.min(sent, total), total);
  using run = new Run(pairs, { timeoutMs, size, signal, onTurn });
  for (let pass = 0; pass < count; pass++) {
    const passStart = Bun.nanoseconds();
    await run.pass();
    if (pass < count - 1) await run.idleUntil(passStart + intervalMs * NS_PER_MS);
  }
  await run.settle();
  for (let retry = 0; retry < retries; retry++) {
    if (run.tallies.every(({ pair, reached }) => reached || !pair.expect)) break;
    await run.pass(({ pair, reached }) => pair.expect && !reached);
    await run.settle();
  }
  onProgress?.(total, total);
  const durationMs = (Bun.nanoseconds() - start) / NS_PER_MS;
  const facts = options.explain === false ? [] : await explain(run, options);
  run.tidy();
  return matrixResult(run.tallies, durationMs, (index) => facts[index]);
}

/** How many pairs are explained before others get their turn. */
const AT_ONCE = 64;

async function explain(run: Run, { size, owners }: ProbeOptions): Promise<(readonly string[] | undefined)[]> {
  const explainer = new Explainer(run.stations, { size, owners, crowded: run.crowded });
  const facts: (readonly string[] | undefined)[] = [];
  let explained = 0;
  for (const tally of run.tallies) {
    facts.push(tally.ok ? undefined : explainer.factsOf(tally));
    if (!tally.ok && ++explained % AT_ONCE === 0) await run.turn();
  }
  return facts;
}

function check(pairs: readonly ProbePair[], { count = 1, retries = 0, size }: ProbeOptions): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new ProbeError("bad-count", `${count} requests per pair cannot be sent: give a whole number from 1`);
  }
  if (!Number.isInteger(retries) || retries < 0) {
    throw new ProbeError("bad-count", `${retries} is no number of retries: give a whole number from 0`);
  }
  if (size === undefined) return;
  for (const family of new Set(pairs.map(({ address }) => familyOf(address)))) {
    const [smallest, largest] = sizeLimits(family);
    if (Number.isInteger(size) && size >= smallest && size <= largest) continue;
    throw new ProbeError(
      "bad-size",
      `an IPv${family} packet of ${size} bytes cannot carry a probe: give ${smallest} to ${largest}`,
    );
  }
}
