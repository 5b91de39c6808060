export { nodeChild, type Sharing } from "./children.ts";
export { deleteAll, deletePods, ownNamespaces } from "./delete.ts";
export { askingForRoot, podsErrorOf } from "./denied.ts";
export { PodsError } from "./error.ts";
export { forward } from "./forward.ts";
export { initPod } from "./init.ts";
export { Job, asTyped, whole } from "./job.ts";
export { LocalNode, type LocalPod, type Some } from "./local-node.ts";
export { type OverlayType, overlayTypes } from "./overlay-name.ts";
export { allShuffled, shuffling } from "./random.ts";
export { type InterfaceStatus, type PodStatus, statusOf } from "./status.ts";
export {
  assignSome,
  assignToBridge,
  connectSome,
  createSome,
  createWithAddresses,
  defaultRoutes,
  linuxBridge,
  nodeRoutes,
  vethSome,
} from "./steps.ts";
export { attachNode, childrenOf, externals, isolatedBridge, overlay } from "./uplinks.ts";
export { type Underlay, parseUnderlay } from "./underlay.ts";
export { createVlans, parseVlanName } from "./vlans.ts";
