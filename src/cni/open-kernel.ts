/** A file of its own, so that importing it when it is wanted loads no more than the real kernel. */
import { type Kernel, RealKernel } from "../kernel/index.ts";

/** The kernel with the namespaces of a call: the caller's own, and the pod's where it is there. */
export function openKernel(pod: string | undefined): Kernel {
  return new RealKernel({ places: { host: "", ...(pod !== undefined && { pod }) } });
}
