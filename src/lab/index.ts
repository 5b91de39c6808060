/**
 * The public face of netloom: `import { up } from "netloom"`.
 *
 * @example
 * await using lab = await up("overlay.netloom.yaml");
 * const { summary } = await lab.test();
 */
export type { ApplyOptions, Progress } from "./apply.ts";
export { type Leftover, findLeftovers, removeLeftovers } from "./cleanup.ts";
export { type DoctorReport, type Finding, type Verdict, examine, lackingFor } from "./doctor/index.ts";
export type { AttachmentChange } from "./cni/index.ts";
export type { DownReport } from "./down.ts";
export { LabError } from "./error.ts";
export { type ExecOptions, type Execution, netnsOf } from "./exec.ts";
export {
  type LabFile,
  LabFileError,
  type LabInput,
  type LabIssue,
  labJsonSchema,
  labJsonSchemaText,
  loadLabFile,
  parseLabText,
  printIssue,
} from "./file/index.ts";
export type { Impairment } from "./impair.ts";
export type { Inspection, Member, MemberState } from "./inspect.ts";
export { type ChangeOptions, Lab, type LabOptions, type LabSource, downByName, load, open, up } from "./lab.ts";
export { placesOf, stateRoot } from "./places.ts";
export { planWish } from "./plan.ts";
export { type TestOptions, expectationOf } from "./reach.ts";
export { resolve } from "./resolve/index.ts";
export { type LabState, listLabs, readState } from "./state.ts";
export type * from "./topology.ts";
export type { Plan, UpReport } from "./up.ts";
