import type { JsonObject } from "../../cni/index.ts";
import { CACHE_DIR, NET_DIR } from "../../cni/runtime/places.ts";
import type { Environment } from "../../output/index.ts";
import { text, toggle } from "../flags.ts";
import { UsageError } from "../usage.ts";

/** Where plugins usually are: what the specification's friends use, then Debian. */
export const PLUGIN_PATH = "/opt/cni/bin:/usr/lib/cni";

/** Flags of commands that look at a network; cnitool's variables stand for them. */
export const networkFlags = {
  "conf-dir": text("DIR", "where networks are configured", { otherwise: `NETCONFPATH, or ${NET_DIR}` }),
  path: text("DIR:DIR", "where plugins are looked for", { otherwise: `CNI_PATH, or ${PLUGIN_PATH}` }),
  "cache-dir": text("DIR", "where attachments are remembered", { otherwise: CACHE_DIR }),
} as const;

/** Flags of commands that work on an attachment. */
export const attachmentFlags = {
  ifname: text("NAME", "the interface in the container", { short: "i", otherwise: "CNI_IFNAME, or eth0" }),
  "container-id": text("ID", "the container", { otherwise: "cnitool- and a hash of the namespace's path, as cnitool" }),
  args: text("K=V;K=V", "arguments for plugins", { otherwise: "CNI_ARGS" }),
  "cap-args": text("JSON", 'values for capabilities, such as {"portMappings": […]}', { otherwise: "CAP_ARGS" }),
} as const;

/** Flags of commands that work on an attachment that may be remembered. */
export const knownFlags = {
  ...attachmentFlags,
  ...networkFlags,
  current: toggle("by the configuration as it is now, not as it was at ADD"),
} as const;

export interface NetworkChoice {
  readonly "conf-dir": string | undefined;
  readonly path: string | undefined;
  readonly "cache-dir": string | undefined;
}
export interface AttachmentChoice {
  readonly ifname: string | undefined;
  readonly "container-id": string | undefined;
  readonly args: string | undefined;
  readonly "cap-args": string | undefined;
}

/** What a person's flags and cnitool's variables say together; an empty variable says nothing. */
export interface Settings {
  readonly confDir: string;
  readonly path: readonly string[];
  readonly cacheDir: string;
  readonly ifname: string;
  readonly containerId?: string;
  readonly args?: readonly (readonly [string, string])[];
  readonly capabilityArgs?: JsonObject;
}

/** @throws {UsageError} for arguments that cannot be read */
export function settingsOf(flags: Partial<NetworkChoice & AttachmentChoice>, env: Environment): Settings {
  const first = (...given: readonly (string | undefined)[]) => given.find((one) => one !== undefined && one !== "");
  const args = first(flags.args, env["CNI_ARGS"]);
  const capabilities = first(flags["cap-args"], env["CAP_ARGS"]);
  const path = first(flags.path, env["CNI_PATH"]) ?? PLUGIN_PATH;
  const containerId = first(flags["container-id"]);
  return {
    confDir: first(flags["conf-dir"], env["NETCONFPATH"]) ?? NET_DIR,
    path: path.split(":").filter((folder) => folder !== ""),
    cacheDir: first(flags["cache-dir"]) ?? CACHE_DIR,
    ifname: first(flags.ifname, env["CNI_IFNAME"]) ?? "eth0",
    ...(containerId === undefined ? {} : { containerId }),
    ...(args === undefined ? {} : { args: pairsOf(args) }),
    ...(capabilities === undefined ? {} : { capabilityArgs: objectOf(capabilities) }),
  };
}

/** `K=V;K2=V2`, each with something on both sides, as cnitool reads it. @throws {UsageError} */
function pairsOf(text: string): readonly (readonly [string, string])[] {
  return text.split(";").map((pair) => {
    const [key = "", value = "", ...rest] = pair.split("=");
    if (key !== "" && value !== "" && rest.length === 0) return [key, value];
    throw new UsageError(
      `invalid CNI_ARGS pair ${JSON.stringify(pair)}`,
      "write KEY=VALUE;KEY=VALUE, as in IgnoreUnknown=1;IP=10.1.0.7",
    );
  });
}

/** @throws {UsageError} */
function objectOf(text: string): JsonObject {
  const hint =
    'write a JSON object, such as {"portMappings": [{"hostPort": 8080, "containerPort": 80, "protocol": "tcp"}]}';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`CAP_ARGS: ${error instanceof Error ? error.message : String(error)}`, hint);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new UsageError("CAP_ARGS is no JSON object", hint);
}
