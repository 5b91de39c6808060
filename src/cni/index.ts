export { type Args, parseArgs, readArg } from "./args.ts";
export { callOf, parseConf } from "./call.ts";
export type { Bounds, Reader } from "./conf.ts";
export {
  Section,
  asBool,
  asInt,
  asIp,
  asList,
  asMac,
  asPrefix,
  asSection,
  asString,
  invalid,
  isObject,
  lookUp,
} from "./conf.ts";
export { parseResult, printResult } from "./convert.ts";
export { type Environment, type Variables, idFault, ifnameFault, readEnvironment } from "./environment.ts";
export { CniError, codes } from "./error.ts";
export { findPlugin } from "./find.ts";
export { NotStarted, type Output, type PluginCall, callPlugin, failureOf, invoke, parseOutput } from "./invoke.ts";
export { perform } from "./perform.ts";
export type { Attachment, Call, Command, JsonObject, Plugin, Work } from "./plugin.ts";
export { HOST, POD } from "./plugin.ts";
export { errorObject, toCniError } from "./print-error.ts";
export { type Member, memberOf, membersOf } from "./raw.ts";
export type { Dns, Interface, IpConfig, Result, Route } from "./result.ts";
export { dnsOf, resultIp, resultPrefix, routesOf } from "./shapes/parts.ts";
export { type Io, type Served, serve } from "./serve.ts";
export {
  type SpecVersion,
  compareVersions,
  isSpecVersion,
  newestVersion,
  specVersions,
  versionsFrom,
} from "./version.ts";
export { type Find, type Ports, dispatch } from "./work.ts";
