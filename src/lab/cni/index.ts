/** Pods that CNI plugins attach: what a container runtime does on each node. */
export { attachPods } from "./attach.ts";
export { unattached, withAttachments } from "./attachments.ts";
export { detachPods, staysIn } from "./detach.ts";
export { type AttachmentChange, planAttachments } from "./plan.ts";
