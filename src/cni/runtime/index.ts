/** A CNI runtime: finds networks, calls their plugins, remembers attachments as libcni does. */
export { add } from "./add.ts";
export { type AttachmentId, type CacheEntry, cacheFile, illegibleCached, listCached, readCached } from "./cache.ts";
export { type CallPlugin, type PluginAnswer, type PluginCall, execPlugin, execPluginBy } from "./call.ts";
export { check } from "./check.ts";
export { del } from "./del.ts";
export { type Found, findNetwork, findNetworks, readNetwork } from "./discover.ts";
export { type CalledPlugin, type ExplainOptions, type ExplainedStep, type Explanation, explain } from "./explain.ts";
export { GcError, type Valid, gc } from "./gc.ts";
export { type Own, inProcess } from "./in-process.ts";
export type { Which } from "./known.ts";
export { type ListedPlugin, type NetworkList, listOfOne, parseList } from "./list.ts";
export { CACHE_DIR, NET_DIR } from "./places.ts";
export { type Insertion, requestConfig } from "./request.ts";
export { type Attachment, type Runtime, type RuntimeOptions, openRuntime } from "./runtime.ts";
export { isOfProcess, macOf, netnsOf } from "./remembered-netns.ts";
export { status } from "./status.ts";
export { supportedVersions } from "./supported.ts";
export { type PluginReport, capabilitiesOf, reportPlugins } from "./validate.ts";
