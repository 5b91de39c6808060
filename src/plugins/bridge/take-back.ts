import { type Op, inverse } from "../../change/index.ts";
import { HOST, type Work } from "../../cni/index.ts";
import type { IfName } from "../../values/index.ts";

/** Undoes what was done to a bridge that has no port; the host goes on forwarding. */
export function takeBack(done: readonly Op[], bridge: IfName, kernel: Work["kernel"]): void {
  const links = kernel.facts({ namespaces: [HOST], depth: "links" }).get(HOST)?.links ?? [];
  if (links.some(({ master }) => master === bridge)) return;
  kernel.run(
    done
      .filter((op) => op.do !== "sysctl.set")
      .toReversed()
      .flatMap(inverse),
  );
}
