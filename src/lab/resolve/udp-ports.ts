import type { Issues } from "./_issues.ts";
import type { Entered } from "./externals.ts";

/**
 * Whether no external vxlan shares its UDP port on a node: it takes whatever comes in there, so the kernel refuses a second
 * device (`vxlan_vni_in_use` and `vxlan_find_sock` of vxlan_core.c). Classic ones share it, by their VNIs.
 */
export function checkUdpPorts(networks: readonly Entered[], issues: Issues): void {
  networks.forEach(({ entry, network: second }, at) => {
    const { join } = second;
    if (join.kind !== "vxlan") return;
    for (const { network: first } of networks.slice(0, at)) {
      const other = first.join;
      if (other.kind !== "vxlan" || other.port !== join.port || !(other.external || join.external)) continue;
      const node = second.nodes.find(({ name }) => first.nodes.some((each) => each.name === name));
      if (node === undefined) continue;
      issues.add(
        [...entry.path, "join"],
        `an external vxlan has its UDP port for itself, and networks ${first.name} and ${second.name} would both have ${join.port} on node ${node.name}`,
        "give one another port",
      );
    }
  });
}
