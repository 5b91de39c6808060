/** A file of its own, so that what prints ops is loaded only where they are printed. */
export { printOp } from "../../change/index.ts";
