import { type Op, printOp } from "../change/index.ts";
import { printTable } from "../nft/index.ts";

/** The op in one line. Those of the ruleset print as a whole script, of which the reason tells the line. */
export function titleOf(op: Op): string {
  if (op.do === "ovs.start") return `start Open vSwitch in ${op.netns}`;
  if (op.do === "ovs.put")
    return `put ${op.bridges.map(({ name }) => name).join(", ") || "no bridge"} into Open vSwitch of ${op.netns}`;
  if (op.do !== "nft.put" && op.do !== "nft.delete") return printOp(op);
  return `${op.do === "nft.put" ? "put" : "delete"} rules of ${op.owner} in table ${printTable(op.table)} of ${op.netns}`;
}
