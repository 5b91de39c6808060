import type { Facts, NetnsName, Wish } from "../change/index.ts";
import { deleteNetns, netnsPath, pinState } from "../netns/index.ts";
import { LabError } from "./error.ts";

/**
 * Looks at who has the names a lab wants. A file without a namespace may be left by a crash in the middle of making one, if
 * `known` (written down as ours before it was made). @throws {LabError} `conflict`
 */
export function claimNames(
  facts: Facts,
  owner: string,
  wanted: readonly NetnsName[],
  known: ReadonlySet<NetnsName>,
): void {
  for (const name of wanted) {
    const there = facts.get(name);
    if (there !== undefined) {
      if (there.owner !== owner) throw taken(name, there.owner);
    } else if (pinState(name) === "hollow" && !known.has(name)) throw hollow(name);
  }
}

/** Removes files without a namespace that have names which are claimed. */
export function clearHollow(names: readonly NetnsName[]): void {
  for (const name of names) if (pinState(name) === "hollow") deleteNetns(name);
}

function hollow(name: NetnsName): LabError {
  const path = netnsPath(name);
  return new LabError(
    "conflict",
    `${path} exists, no namespace is behind it, and netloom did not make it; it was left untouched: rename the lab, or remove the file if nobody needs it`,
  );
}

function taken(name: NetnsName, other: string | undefined): LabError {
  const whose = other === undefined ? "was not made by netloom" : `belongs to ${other}`;
  return new LabError(
    "conflict",
    `the namespace ${name} exists and ${whose}; it was left untouched: rename the lab, or remove it with 'ip netns del ${name}' if nobody needs it`,
  );
}

/** The sysctl keys that a wish mentions, per namespace. */
export function sysctlKeys(wish: Wish): (netns: NetnsName) => readonly string[] {
  const keys = new Map(wish.namespaces.map(({ name, sysctls }) => [name, Object.keys(sysctls ?? {})]));
  return (netns) => keys.get(netns) ?? [];
}

/** The namespaces with links of which is said who makes their checksums. */
export function withTxChecksums(wish: Wish): (netns: NetnsName) => boolean {
  const names = new Set(
    wish.namespaces.flatMap(({ name, links }) =>
      links.some(({ txChecksum }) => txChecksum !== undefined) ? [name] : [],
    ),
  );
  return (netns) => names.has(netns);
}

/** The namespaces whose neighbours a wish mentions: elsewhere nobody is expected to have put any. */
export function withNeighbours(wish: Wish): (netns: NetnsName) => boolean {
  const names = new Set(
    wish.namespaces.flatMap(({ name, neighs = [], fdb = [] }) => (neighs.length + fdb.length > 0 ? [name] : [])),
  );
  return (netns) => names.has(netns);
}
