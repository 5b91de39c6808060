/** The database of Open vSwitch by its own protocol (RFC 7047), and the daemons of a switch that is ours. */
export { OvsdbClient, type ClientOptions } from "./client.ts";
export {
  type Daemon,
  type Within,
  complaintsIn,
  daemonsIn,
  folderOf,
  missingPrograms,
  programs,
  socketIn,
  startDaemons,
  stopDaemons,
  stoppingDaemons,
} from "./daemons.ts";
export { OvsdbError } from "./error.ts";
export type { Condition, Mutation, Operation, OperationResult } from "./operation.ts";
export { PATIENCE_MS, type Surroundings, putSwitch, puttingSwitch, readSwitch } from "./put-switch.ts";
export {
  type BridgeFact,
  type BridgeSpec,
  type Datapath,
  type PortFact,
  type PortSpec,
  type SwitchChange,
  bridgeSpecOf,
  deviceOf,
  printSwitchChange,
  switchChanges,
} from "./switch.ts";
export { type Atom, type Json, type NamedUuid, type Uuid, type Value, fromNotation, toNotation } from "./value.ts";
