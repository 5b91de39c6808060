import { runMatrix } from "../probe/index.ts";
import { openOwn } from "../sys/index.ts";
import type { Ip } from "../values/index.ts";

/** How long to go on asking: an answer is expected within about ten seconds by default. */
export interface Patience {
  readonly retries: number;
  /** Seconds. */
  readonly interval: number;
  /** Seconds. */
  readonly timeout: number;
}

/** An address that did not answer. */
export interface Unreached {
  readonly address: Ip;
  /** What came instead of an answer, if anything. */
  readonly why?: string;
}

/** How long one answer may take. */
const ANSWER_MS = 1000;

/**
 * Asks addresses from the caller's own network namespace, all at once, and those that do not answer again; returns those that never
 * did. @throws {SysError} EPERM without CAP_NET_RAW
 */
export async function reach(
  from: string,
  addresses: readonly Ip[],
  { retries, interval, timeout }: Patience,
): Promise<readonly Unreached[]> {
  using netns = openOwn("net");
  const end = { name: from, netns, addrs: [] };
  const start = performance.now();
  let left: readonly Ip[] = [...new Set(addresses)];
  for (let asked = 0; ; asked++) {
    const pairs = left.map((address) => ({
      from: end,
      to: { name: address, netns, addrs: [address] },
      address,
      expect: true,
    }));
    const { pairs: results } = await runMatrix(pairs, { timeoutMs: ANSWER_MS, explain: false });
    const silent = results.filter(({ reached }) => !reached);
    const over = (performance.now() - start) / 1000 + interval >= timeout;
    if (silent.length === 0 || asked >= retries || over) {
      return silent.map(({ address, refusal, icmp, icmpFrom }) => {
        const why = icmp === undefined ? refusal : icmpFrom === undefined ? icmp : `${icmp} from ${icmpFrom}`;
        return { address, ...(why !== undefined && { why }) };
      });
    }
    left = silent.map(({ address }) => address);
    await Bun.sleep(interval * 1000);
  }
}
