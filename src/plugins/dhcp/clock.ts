import type { Clock } from "./client.ts";

/** The system's time. It goes on while the machine sleeps, as a server's does. A sleep does not keep the daemon from ending. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => void setTimeout(resolve, milliseconds).unref()),
  random: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 0x1_0000_0000,
};
