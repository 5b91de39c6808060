import { mkdirSync, writeFileSync } from "node:fs";
import { scratch } from "./spawn.ts";

export const labName = "bench";

/** Writes the lab file of `pods` pods on one node's bridge, both families, and returns its path. */
export function writeLab(pods: number): string {
  mkdirSync(scratch, { recursive: true });
  const path = `${scratch}/pods-${pods}.netloom.yaml`;
  const text = `name: ${labName}
addresses: {ipv4: 172.16.0.0/12/20, ipv6: "fd00:1::/48/64"}
nodes: 1
pods: ${pods}
network: {join: none}
`;
  writeFileSync(path, text);
  return path;
}
