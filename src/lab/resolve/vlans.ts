import type { JoinSpec } from "../topology.ts";
import type { Issues } from "./_issues.ts";
import type { NodeMember } from "./members.ts";
import type { NetworkEntry } from "./networks.ts";
import { matcher } from "./pattern.ts";

/** Whether VLANs name pods that are there, and are where frames with tags get to all of them. */
export function checkVlans(
  { driver, path }: NetworkEntry,
  { kind }: JoinSpec,
  members: readonly NodeMember[],
  issues: Issues,
): void {
  if (driver.kind !== "ovs" || driver.vlans.length === 0) return;
  const at = [...path, "driver", "vlans"];
  if (kind !== "l2" && kind !== "none") {
    issues.add(
      at,
      `the pods of other nodes cannot be reached in a VLAN, for join "${kind}" carries packets and no tags`,
      "write join: l2, or join: none",
    );
  }
  const pods = members.flatMap((member) => member.pods.map(({ name }) => name));
  driver.vlans.forEach(({ id, pods: wanted }, place) => {
    for (const pattern of typeof wanted === "string" ? [wanted] : wanted) {
      if (pods.some(matcher(pattern))) continue;
      issues.add(
        [...at, place, "pods"],
        `no pod for VLAN ${id} is named "${pattern}"`,
        "pods are named as 'netloom plan' shows",
      );
    }
  });
}
