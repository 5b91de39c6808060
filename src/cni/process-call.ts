import { stayInOneThread } from "../sys/index.ts";
import { type Io, type Served, serve } from "./serve.ts";

/** Serves the call that this process is. It is over before more threads or compiled code would pay. */
export function serveProcess(served: Served, io: Io): Promise<0 | 1> {
  stayInOneThread();
  return serve(served, io);
}
