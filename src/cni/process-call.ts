import { stayInOneThread } from "../sys/index.ts";
import { serve } from "./serve.ts";
import type { Served } from "./serve.ts";
import { readStdin, writeStderr, writeStdout } from "./stdio.ts";

/** Serves the call that this process is. It is over before more threads or compiled code would pay. */
export function serveProcess(served: Served): Promise<0 | 1> {
  stayInOneThread();
  return serve(served, { env: process.env, read: readStdin, write: writeStdout, log: writeStderr });
}
