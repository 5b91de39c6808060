import { deleteAll, deletePods, ownNamespaces } from "../../pods/index.ts";
import type { Terminal } from "../terminal.ts";
import { detach } from "./detach.ts";
import { change, nodeOf } from "./modern.ts";

/** Deletes these pods, or all that is ours. */
export function removePods(names: readonly string[] | undefined, terminal: Terminal): Promise<void> {
  return change(terminal, async (job) => {
    const node = nodeOf({});
    await detach(job, node, names ?? ownNamespaces(job));
    if (names === undefined) await deleteAll(job, node, (text) => terminal.note(text));
    else await deletePods(job, names);
  });
}
