import type { Run } from "./run.ts";

/** How a matrix is asked, with every default filled in. */
export interface Campaign {
  readonly count: number;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly intervalMs: number;
  /** Bytes of the whole packet; the smallest possible if absent. */
  readonly size?: number;
}

const NS_PER_MS = 1_000_000;

/** Asks all pairs as often as the campaign says and waits for the answers: the tallies say what became of them. */
export async function conduct(run: Run, { count, retries, intervalMs }: Campaign): Promise<void> {
  run.prepare();
  for (let pass = 0; pass < count; pass++) {
    const start = Bun.nanoseconds();
    await run.pass();
    if (pass < count - 1) await run.idleUntil(start + intervalMs * NS_PER_MS);
  }
  await run.settle();
  for (let retry = 0; retry < retries; retry++) {
    if (run.tallies.every(({ pair, reached }) => reached || !pair.expect)) return;
    await run.pass(({ pair, reached }) => pair.expect && !reached);
    await run.settle();
  }
}
