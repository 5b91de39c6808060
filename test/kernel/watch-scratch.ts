import { expect } from "bun:test";
import { NetlinkSocket, type Subscription } from "../../src/netlink/index.ts";
import type { Link, RtnlEvent } from "../../src/rtnl/index.ts";
import { inside, openFile } from "../../src/sys/index.ts";

/** The actor and witness is `ip`, in a namespace of its own. */
export function run(...words: readonly string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(["ip", ...words]);
  if (exitCode !== 0) throw new Error(`ip ${words.join(" ")}: ${stderr.toString()}`);
}
export const there = (words: string): void => run("-n", "scratch", ...words.split(" "));
/** Many changes by one process; from a file, for Bun keeps the descriptor of a text given as standard input. */
export async function batch(
  lines: readonly string[],
  { whole = true, signal = AbortSignal.timeout(30_000) } = {},
): Promise<void> {
  await Bun.write("/run/batch", lines.join("\n"));
  const code = await Bun.spawn(["ip", "-n", "scratch", "-batch", "/run/batch"], { signal }).exited;
  if (whole) expect(code).toBe(0);
}
export const toggles = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `link set lo ${i % 2 === 0 ? "up" : "down"}`);

run("netns", "add", "scratch");
export const ns = openFile("/run/netns/scratch");
export const socket = inside(ns, () => new NetlinkSocket());

/** What is told until `wanted` says that it was the last. */
export async function until(
  events: Subscription<RtnlEvent>,
  wanted: (event: RtnlEvent) => boolean,
): Promise<readonly RtnlEvent[]> {
  const seen: RtnlEvent[] = [];
  for (;;) {
    const { value } = await events.next();
    if (value === undefined || "lost" in value) throw new Error(`unexpected: ${JSON.stringify(value)}`);
    seen.push(value);
    if (wanted(value)) return seen;
  }
}
export const ofLink = (event: RtnlEvent, name: string): Link | undefined =>
  event.event === "link" && event.link.name === name ? event.link : undefined;
export const gone = (name: string) => (event: RtnlEvent) => event.action === "del" && ofLink(event, name) !== undefined;
