export { LabFileError, printIssue, printPath } from "./issue.ts";
export type { LabFileErrorCode, LabIssue, Path, Place } from "./issue.ts";
export { issueAt, labOf, parseLabText, parseLabTexts } from "./lab-file.ts";
export type { LabFile } from "./lab-file.ts";
export { loadLabFile } from "./load.ts";
export { labJsonSchema, labJsonSchemaText } from "./schema.ts";
export type { JoinKind } from "./_join.ts";
export type { LabInput, LabSpec } from "./schema.ts";
