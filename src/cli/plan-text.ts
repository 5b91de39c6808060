/** What `netloom plan` says; a file of its own for the reason that netlink-trace.ts gives. */
import { type Json, type OtherChange, type Summary, printOp, summarize, summaryToJson } from "../change/index.ts";
import type { AttachmentChange, Plan } from "../lab/index.ts";
import { netnsPath } from "../netns/index.ts";

export { formatSummary } from "../change/index.ts";

/** The plan for people, by namespace and link; what CNI plugins do is told at the pod. */
export function summaryOf({ ops, facts, attachments }: Plan): Summary {
  return summarize(ops, facts, attachments.map(otherChangeOf));
}

/** The plan as one JSON document. */
export function planToJson(plan: Plan): Json {
  const attachments = plan.attachments.map((each) => ({ ...each }));
  return { ...summaryToJson(summaryOf(plan), plan.ops), attachments };
}

/** Each single change as a command line, in the order in which they are made. */
export function planToCommands({ ops, attachments }: Plan): readonly string[] {
  const going = attachments.filter(({ do: what }) => what === "detach");
  const coming = attachments.filter(({ do: what }) => what !== "detach");
  return [...going.map(printAttachment), ...ops.map(printOp), ...coming.map(printAttachment)];
}

/** Whether there is nothing to do. */
export function isDone({ ops, attachments }: Plan): boolean {
  return ops.length + attachments.length === 0;
}

const signs = { attach: "+", again: "-/+", detach: "-" } as const;

function otherChangeOf({ do: what, pod, ifname, network, plugins }: AttachmentChange): OtherChange {
  const by = plugins === undefined ? "" : ` by ${plugins.join(", ")}`;
  return { netns: pod, sign: signs[what], text: `attachment ${ifname} to CNI network ${network}${by}` };
}

const verbs = { attach: ["add"], again: ["del", "add"], detach: ["del"] } as const;

/** For a shell, with the network's configuration in NETCONFPATH. */
function printAttachment({ do: what, node, pod, ifname, network }: AttachmentChange): string {
  return verbs[what]
    .map((verb) => `ip netns exec ${node} cnitool ${verb} ${network} ${netnsPath(pod)} -i ${ifname}`)
    .join(" && ");
}
