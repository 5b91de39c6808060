/** Waiting for what the kernel does by itself, no longer than it takes. */
import type { LinkFact } from "../change/index.ts";
import { CniError, HOST, POD, type Work, codes } from "../cni/index.ts";

const STEP_MS = 1;
/** As long as the reference waits for the port of a bridge. */
const PORT_PATIENCE_MS = 2500;
/** And for the detection of duplicates. */
const DAD_PATIENCE_MS = 5000;

/** Asks until the answer is `good`, or time is over; returns the last answer. */
async function until<T>(ask: () => T, good: (answer: T) => boolean, patienceMs: number): Promise<T> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const answer = ask();
    if (good(answer) || performance.now() >= end) return answer;
    await Bun.sleep(STEP_MS);
  }
}

/** The host's end once it passes packets. @throws {CniError} 100 when it does not */
export async function workingPort({ kernel }: Work, name: string, master?: string): Promise<LinkFact> {
  const good = (link: LinkFact | undefined) =>
    link?.operState === "up" && (master === undefined || link.master === master);
  const link = await until(() => kernel.link(HOST, name, { addrs: false }), good, PORT_PATIENCE_MS);
  if (link !== undefined && good(link)) return link;
  const state = link === undefined ? "it is gone" : `its state is ${link.operState}`;
  throw new CniError(
    codes.kernel,
    `cannot ADD: the interface ${name} on the host does not come up: ${state}`,
    master === undefined || link?.master === master
      ? undefined
      : `it is no port of ${master} any more: somebody took it out`,
  );
}

/** The container's interface once its addresses can be used. @throws {CniError} 101 when somebody else has one */
export async function settledLink({ kernel }: Work, name: string): Promise<LinkFact | undefined> {
  const tentative = (link: LinkFact | undefined) =>
    link?.addrs.some((addr) => addr.tentative && !addr.dadFailed) ?? false;
  const link = await until(
    () => kernel.link(POD, name),
    (now) => !tentative(now),
    DAD_PATIENCE_MS,
  );
  const taken = link?.addrs.find(({ dadFailed }) => dadFailed);
  if (taken === undefined) return link;
  throw new CniError(
    codes.exists,
    `cannot ADD: the address ${taken.prefix} is in use on the network already`,
    "at enabledad: duplicate address detection found another host with it",
  );
}
