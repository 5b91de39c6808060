export { NetnsError } from "./error.ts";
export { becomeInside } from "./exec.ts";
export { type Holder, holdersOf } from "./holders.ts";
export {
  NETNS_DIR,
  type NewNetns,
  UTSNS_DIR,
  createNetns,
  deleteNetns,
  isNamespace,
  listNetns,
  netnsPath,
  openNetns,
  pinState,
  tryOpenNetns,
  tryOpenUts,
  utsnsPath,
} from "./pins.ts";
export { manyPins, prepareView, removeView } from "./view.ts";
