/** What the tests of this folder try: the text of a lab named x, in a file a.yaml. */
import { LabFileError, parseLabText } from "../file/index.ts";
import type { Topology } from "../topology.ts";
import { resolve } from "./index.ts";

export const topologyOf = (text: string): Topology => resolve(parseLabText(`name: x\n${text}`, "a.yaml"));

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
