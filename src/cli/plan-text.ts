/** What `netloom plan` makes of ops; a file of its own for the reason that netlink-trace.ts gives. */
export { formatSummary, printOp, summarize, summaryToJson } from "../change/index.ts";
