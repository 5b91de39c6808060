import type { NetnsName, Wish } from "../change/index.ts";
import { deleteNetns, pinState } from "../netns/index.ts";
import type { Kernel } from "../kernel/index.ts";
import { LabError } from "./error.ts";

/**
 * Looks at who has the names a lab wants. A file without a namespace, left by a crash in the middle of making one, is removed if
 * `known` (written down as ours before it was made). @throws {LabError} `conflict`, everything untouched
 */
export function claimNames(kernel: Kernel, owner: string, wanted: readonly NetnsName[], known: ReadonlySet<NetnsName>): void {
  const owners = kernel.owners(wanted);
  for (const name of wanted) {
    if (owners.has(name)) {
      const other = owners.get(name);
      if (other !== owner) throw taken(name, other);
    } else if (pinState(name) === "hollow") {
      if (!known.has(name)) throw taken(name, undefined);
      deleteNetns(name);
    }
  }
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
