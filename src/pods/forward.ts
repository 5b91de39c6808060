import type { Op } from "../change/index.ts";
import { type Job, NODE } from "./job.ts";
import { isOurs } from "./owner.ts";
import { forget, recall, remember } from "./remembered.ts";
import { sysctlOps } from "./sysctls.ts";

/** A node that forwards between its pods and others, and spreads flows over equal ways by their ports. */
const settings = {
  "net/ipv4/ip_forward": "1",
  "net/ipv4/fib_multipath_hash_policy": "1",
  "net/ipv4/conf/all/forwarding": "1",
  "net/ipv6/conf/all/forwarding": "1",
};

const NAME = "forwarding";

/** How the node was before it was made a router. */
interface Before {
  /** Values by key: those of `settings` that were others. */
  readonly was: Readonly<Record<string, string>>;
  /** Keys of devices that forwarded alone: to switch all of them off switches these off, too. */
  readonly alone: readonly string[];
  /** Who may need a router, and did without. */
  readonly users: readonly string[];
}

/** Makes this node a router. */
export function forward(job: Job): void {
  const ops = sysctlOps(job.kernel, NODE, settings).filter((op) => op.do === "sysctl.set");
  if (ops.length === 0) return;
  const older = recall<Before>(NAME);
  const was = Object.fromEntries(ops.flatMap((op) => (op.was === undefined ? [] : [[op.key, op.was]])));
  const families = ops.flatMap(({ key }) => /^net\/(ipv[46])\/conf\/all/.exec(key)?.[1] ?? []);
  const devices = ["default", ...linksOf(job).map(({ name }) => name)];
  const alone = families
    .flatMap((family) => devices.map((device) => `net/${family}/conf/${device}/forwarding`))
    .filter((key) => job.kernel.sysctl(NODE, key) === "1");
  remember(job, NAME, {
    was: { ...older?.was, ...was },
    alone: [...new Set([...(older?.alone ?? []), ...alone])],
    users: older?.users ?? usersOf(job),
  } satisfies Before);
  job.run(ops);
}

/**
 * The node is a router no more, if a command made it one and nobody has changed that since. Returns who may need it by now: then it
 * stays one, and nothing is forgotten.
 */
export function forwardNoMore(job: Job): readonly string[] {
  const before = recall<Before>(NAME);
  if (before === undefined) return [];
  const { was, alone, users } = before;
  const ops = Object.entries(settings).flatMap(([key, value]): Op[] => {
    const old = was[key];
    return old === undefined || job.kernel.sysctl(NODE, key) !== value
      ? []
      : [{ do: "sysctl.set", netns: NODE, key, value: old, was: value }];
  });
  const newcomers = ops.length === 0 ? [] : usersOf(job).filter((user) => !users.includes(user));
  if (newcomers.length > 0) return newcomers;
  const back = alone.flatMap((key): Op[] => {
    const isOff = ops.some((op) => op.do === "sysctl.set" && op.key === key.replace(/conf\/.*\//, "conf/all/"));
    if (!isOff || job.kernel.sysctl(NODE, key) === undefined) return [];
    return [{ do: "sysctl.set", netns: NODE, key, value: "1", was: "0" }];
  });
  job.run([...ops, ...back]);
  forget(NAME);
  return [];
}

const linksOf = (job: Job) => job.kernel.facts({ namespaces: [NODE], depth: "links" }).get(NODE)?.links ?? [];

/** Links of others behind which somebody may have this node for a gateway: bridges with addresses, and what CNI plugins attached. */
function usersOf(job: Job): readonly string[] {
  return linksOf(job)
    .filter(
      ({ kind, alias, addrs }) =>
        alias?.startsWith("cni:") === true ||
        (kind === "bridge" && !isOurs(alias) && addrs.some(({ scope }) => scope === "global")),
    )
    .map(({ name }) => name);
}
