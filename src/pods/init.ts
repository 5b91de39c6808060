import type { Op } from "../change/index.ts";
import { netnsPath, utsnsPath } from "../netns/index.ts";
import { identity } from "../sys/index.ts";
import { parseIfName } from "../values/index.ts";
import { PodsError } from "./error.ts";
import { type Job, NODE } from "./job.ts";
import { OWNER, isOurs } from "./owner.ts";
import { foreign } from "./pins.ts";
import { sysctlOps } from "./sysctls.ts";

/**
 * Makes the namespaces that this process runs in the pod whose files they are pinned at: host name, loopback and tag. It is what the
 * original's `create` runs in each new pod. @throws {PodsError} `usage` in any other namespaces; `conflict` in those of somebody else
 */
export function initPod(job: Job, name: string): void {
  parseIfName(name);
  const pins = [
    ["network", "net", netnsPath(name)],
    ["host name", "uts", utsnsPath(name)],
  ] as const;
  for (const [what, kind, path] of pins) {
    const pinned = identity(path);
    if (pinned !== undefined && pinned === identity(`/proc/thread-self/ns/${kind}`)) continue;
    throw new PodsError(
      "usage",
      `init ${name} was called outside of the pod ${name}: the ${what} here is not that of ${path}`,
      `'netns_test create' makes pods, host name and loopback included; nothing else is to be done for them`,
    );
  }
  const lo = job.kernel.link(NODE, "lo", { addrs: false });
  if (lo === undefined) return;
  if (lo.alias !== undefined && lo.alias !== "" && !isOurs(lo.alias)) throw foreign(name, lo.alias);
  const set = { ...(!isOurs(lo.alias) && { alias: OWNER }), ...(!lo.up && { up: true }) };
  const was = { ...(!isOurs(lo.alias) && { alias: lo.alias ?? "" }), ...(!lo.up && { up: false }) };
  const ops: Op[] = Object.keys(set).length === 0 ? [] : [{ do: "link.set", netns: NODE, name: lo.name, set, was }];
  job.run([...sysctlOps(job.kernel, NODE, { "kernel/hostname": name }), ...ops]);
}
