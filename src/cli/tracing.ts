/** `NETLOOM_TRACE=nl`: every netlink message, annotated, on standard error. */
export async function startTracing(): Promise<void> {
  if (process.env["NETLOOM_TRACE"] === "nl") (await import("./netlink-trace.ts")).traceNetlink();
}
