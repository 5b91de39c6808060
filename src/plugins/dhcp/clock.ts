import type { Clock } from "./client.ts";

/** The system's time. It goes on while the machine sleeps, as a server's does. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => Bun.sleep(milliseconds),
  random: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 0x1_0000_0000,
};
