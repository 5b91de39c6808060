import { join } from "node:path";
import type { LabPlaces } from "../places.ts";

/** Where a lab keeps what CNI plugins leave: in its own folder, never in the host's. */
const cniFolder = ({ folder }: LabPlaces): string => join(folder, "cni");

/** The folder with netloom's own plugins, by their names. */
export const pluginFolder = (places: LabPlaces): string => join(cniFolder(places), "bin");

/** What is kept of one node. */
export interface NodePlaces {
  /** The runtime's: results of ADD. */
  readonly cache: string;
  /** host-local's reservations. */
  readonly addresses: string;
  /** What tuning changed. */
  readonly tuning: string;
}

/** The folder of all nodes' folders. */
export const nodesFolder = (places: LabPlaces): string => join(cniFolder(places), "nodes");

export function nodePlaces(places: LabPlaces, node: string): NodePlaces {
  const folder = join(nodesFolder(places), node);
  return { cache: folder, addresses: join(folder, "networks"), tuning: join(folder, "tuning") };
}
