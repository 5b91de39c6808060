import { writeSync } from "node:fs";

/** `NETLOOM_TRACE=nl`: every netlink message, annotated, on standard error. */
export async function startTracing(): Promise<void> {
  if (process.env["NETLOOM_TRACE"] !== "nl") return;
  const [{ setTracer, textTracer }, { messageKinds }] = await Promise.all([
    import("../netlink/index.ts"),
    import("../rtnl/index.ts"),
  ]);
  setTracer(textTracer(messageKinds, (text) => void writeSync(2, text)));
}
