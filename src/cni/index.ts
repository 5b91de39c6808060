export { CniError, codes } from "./error.ts";
export type { Attachment, Call, Command, JsonObject, Plugin, Work } from "./plugin.ts";
export { HOST, POD } from "./plugin.ts";
export type { Dns, Interface, IpConfig, Result, Route } from "./result.ts";
export { type SpecVersion, specVersions } from "./version.ts";
