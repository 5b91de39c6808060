import { existsSync } from "node:fs";
import { must } from "./programs.ts";

/**
 * Waits until the kernel has torn down all namespaces that were deleted before. It does so in the background with the
 * RTNL held, one batch after another (cleanup_net of net/core/net_namespace.c), and would slow down whatever is measured
 * next. A namespace deleted now goes in the last batch: when its link is gone, so is everything else.
 */
export function quiet(): void {
  must(["ip", "netns", "add", "bench-quiet"]);
  watch("quiet0", "bench-quiet");
  must(["ip", "netns", "del", "bench-quiet"]);
  waitUntilGone(["quiet0"]);
  // What is left of the batch: an RCU grace period and freeing memory.
  Bun.sleepSync(200);
}

/** Puts a link into a namespace whose other end is here: when this end is gone, the namespace's links are. */
export function watch(link: string, netns: string): void {
  must(["ip", "link", "add", link, "type", "veth", "peer", "name", "bench-watch", "netns", netns]);
}

/** @throws {Error} after a minute */
export function waitUntilGone(links: readonly string[]): void {
  const until = performance.now() + 60_000;
  for (const link of links) {
    while (existsSync(`/sys/class/net/${link}`)) {
      if (performance.now() > until) throw new Error(`${link} is still there after a minute`);
      Bun.sleepSync(0.5);
    }
  }
}
