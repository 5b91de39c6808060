/** What the tests of this folder try: the text of a lab named x, in a file a.yaml. */
import { LabFileError, parseLabText } from "../file/index.ts";
import type { PodNetwork, Topology } from "../topology.ts";
import { resolve } from "./index.ts";

export const topologyOf = (text: string): Topology => resolve(parseLabText(`name: x\n${text}`, "a.yaml"));

/** The network of a lab that has one. */
export function networkOf(text: string): PodNetwork {
  const [network, ...others] = topologyOf(text).networks;
  if (network === undefined || others.length > 0) throw new Error(`not one network: ${text}`);
  return network;
}

/** Why it is refused, or that it is accepted. */
export function refusal(text: string): string {
  try {
    topologyOf(text);
  } catch (error) {
    if (error instanceof LabFileError) return error.message;
    throw error;
  }
  return "accepted";
}
