import { type Job, NODE } from "./job.ts";
import { sysctlOps } from "./sysctls.ts";

/** A node that forwards between its pods and others, and spreads flows over equal ways by their ports. */
const settings = {
  "net/ipv4/ip_forward": "1",
  "net/ipv4/fib_multipath_hash_policy": "1",
  "net/ipv4/conf/all/forwarding": "1",
  "net/ipv6/conf/all/forwarding": "1",
};

/** Makes this node a router. */
export function forward(job: Job): void {
  job.run(sysctlOps(job.kernel, NODE, settings));
}
