import type { Facts, NetnsName, Wish } from "../change/index.ts";
import { deleteNetns, pinState } from "../netns/index.ts";
import { LabError } from "./error.ts";

/**
 * Looks at who has the names a lab wants. A file without a namespace, left by a crash in the middle of making one, is removed if
 * `known` (written down as ours before it was made). @throws {LabError} `conflict`, everything untouched
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
    } else if (pinState(name) === "hollow" && !known.has(name)) throw taken(name, undefined);
  }
  for (const name of wanted) if (!facts.has(name) && pinState(name) === "hollow") deleteNetns(name);
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
