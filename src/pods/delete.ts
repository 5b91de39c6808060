import type { Facts, Op } from "../change/index.ts";
import { UTSNS_DIR, listNetns, pinState } from "../netns/index.ts";
import { listDir } from "../sys/index.ts";
import { isDigits } from "../values/index.ts";
import { releaseDevices } from "./attach.ts";
import { forwardNoMore } from "./forward.ts";
import { type Job, NODE } from "./job.ts";
import type { LocalNode } from "./local-node.ts";
import { OWNER, isOurs } from "./owner.ts";
import { type PinFact, clearPins, foreign, readPins } from "./pins.ts";
import { ownRoutesGone } from "./routes.ts";

/** Files to take away, and namespaces to delete. */
export interface DeletePlan {
  readonly clear: readonly string[];
  readonly ops: readonly Op[];
}

/**
 * Deletes those of the names that are ours; what is not there is fine.
 * @throws {PodsError} `conflict` for a namespace of somebody else
 */
export function planDelete(names: readonly string[], pins: ReadonlyMap<string, PinFact>): DeletePlan {
  const clear: string[] = [];
  const ops: Op[] = [];
  for (const name of names) {
    const { state, uts, owner } = pins.get(name) ?? { state: "free", uts: "none" };
    if (state === "pinned" && owner !== OWNER) throw foreign(name, owner);
    if (state === "pinned") ops.push({ do: "netns.delete", netns: name, was: { owner: OWNER, hostname: name } });
    else if (state === "hollow" || uts !== "none") clear.push(name);
  }
  return { clear, ops };
}

/** Devices of the node that were put into namespaces of their own, `<hostname>-<device>`: they would go with these. */
function homecomings(facts: Facts): readonly Op[] {
  return [...facts].flatMap(([netns, { links }]) => {
    if (/-ns[0-9]+$/.test(netns)) return [];
    return links
      .filter(({ name }) => netns.endsWith(`-${name}`))
      .map(({ name, up }): Op => ({ do: "link.move", netns, name, to: { netns: NODE, name }, was: { up } }));
  });
}

/**
 * Links on devices of the node. A packet that waits for a neighbour keeps its namespace for seconds, and these would keep the device
 * from others.
 */
function guests(facts: Facts, leaving: readonly Op[]): readonly Op[] {
  const moved = new Set(leaving.flatMap((op) => (op.do === "link.move" ? [`${op.netns}/${op.name}`] : [])));
  return [...facts].flatMap(([netns, { links }]) =>
    links
      .filter(({ name, lowerIndex }) => lowerIndex !== undefined && !moved.has(`${netns}/${name}`))
      .map(({ name }): Op => ({ do: "link.delete", netns, name })),
  );
}

/** Deletes pods and waits until their links are gone. @throws {PodsError} `conflict` */
export async function deletePods(job: Job, names: readonly string[]): Promise<void> {
  const plan = planDelete(names, readPins(job.kernel, names));
  clearPins(plan.clear);
  const facts = job.kernel.facts({ namespaces: plan.ops.map(({ netns }) => netns), depth: "links" });
  const leaving = homecomings(facts);
  job.run([...leaving, ...guests(facts, leaving), ...plan.ops]);
  await job.kernel.settle();
  deleteLeftLinks(job, names);
}

/** A process that still runs in a deleted pod keeps its namespace, and with it the pair. */
function deleteLeftLinks(job: Job, names: readonly string[]): void {
  const left = names.flatMap((name) => {
    const link = job.kernel.link(NODE, name, { addrs: false });
    return link !== undefined && isOurs(link.alias) ? [link.name] : [];
  });
  job.run(left.map((name): Op => ({ do: "link.delete", netns: NODE, name })));
}

/** Names of all namespaces on this node that are ours, in the order of their numbers. */
export function ownNamespaces(job: Job): readonly string[] {
  const owners = job.kernel.owners(listNetns());
  const own = [...owners].flatMap(([name, owner]) => (owner === OWNER ? [name] : []));
  return own.toSorted(byNumber);
}

/** `vm-001-ns99` before `vm-001-ns100`. By hand: the runtime's own comparison takes a process a millisecond to load. */
function byNumber(a: string, b: string): number {
  const [stem, number] = numbered(a);
  const [otherStem, otherNumber] = numbered(b);
  if (stem === otherStem) return number - otherNumber;
  return stem < otherStem ? -1 : 1;
}

/** A name without the digits at its end, and those. */
function numbered(name: string): readonly [stem: string, number: number] {
  let end = name.length;
  while (end > 0 && isDigits(name.slice(end - 1, end))) end--;
  return [name.slice(0, end), Number(name.slice(end))];
}

/** Files of this node's pods without a network namespace, as SIGKILL in `create` or `ip netns delete` leave them. */
function leftPins(node: LocalNode): readonly string[] {
  const all = new Set([...listNetns(), ...listDir(UTSNS_DIR)]);
  return [...all].filter((name) => node.mayBePod(name) && pinState(name) !== "pinned");
}

/**
 * Deletes all that commands made on this node: pods and other namespaces, bridges, tunnels and other links, and routes to other nodes;
 * and gives back what they took: addresses of devices that became ports, and that the node was no router.
 * @param note - told what stays as it is, and why
 */
export async function deleteAll(
  job: Job,
  node: LocalNode,
  note: (text: string) => void = () => {},
): Promise<readonly string[]> {
  const names = ownNamespaces(job);
  clearPins(leftPins(node));
  await deletePods(job, names);
  const links = (job.kernel.facts({ namespaces: [NODE], depth: "links" }).get(NODE)?.links ?? []).filter(({ alias }) =>
    isOurs(alias),
  );
  job.run(links.map(({ name }): Op => ({ do: "link.delete", netns: NODE, name })));
  const routes = ownRoutesGone(job);
  job.run(routes);
  for (const failure of releaseDevices(job)) note(failure);
  const users = forwardNoMore(job);
  if (users.length > 0) note(`the node still forwards packets: ${users.join(", ")} came since, and may need that`);
  return [...names, ...links.map(({ name }) => name), ...routes.map(({ route: { dst } }) => dst)];
}
