/** The standard input of a plugin, read as far as every plugin reads it. */
import { Section, asSection, asString, isObject } from "./conf.ts";
import { parseResult } from "./convert.ts";
import { type Environment, checkCommand, idFault } from "./environment.ts";
import { CniError, codes } from "./error.ts";
import type { Attachment, Call, JsonObject } from "./plugin.ts";
import type { Result } from "./result.ts";
import { type SpecVersion, compareVersions, isSpecVersion } from "./version.ts";

/** The configuration as an object. @throws {CniError} 6 */
export function parseConf(text: string): JsonObject {
  let conf: unknown;
  try {
    conf = JSON.parse(text);
  } catch (error) {
    const why =
      text.trim() === "" ? "it is empty" : String(error instanceof Error ? error.message : error).slice(0, 200);
    throw new CniError(codes.undecodable, `cannot read the network configuration: ${why}`, stdinHint, { cause: error });
  }
  if (isObject(conf)) return conf;
  throw new CniError(codes.undecodable, "cannot read the network configuration: it is no JSON object", stdinHint);
}

const stdinHint = "a CNI plugin is given its network configuration as JSON on standard input";

/** Version from which on a command may be given. */
const since: Readonly<Record<string, SpecVersion>> = { CHECK: "0.4.0", STATUS: "1.1.0", GC: "1.1.0" };

/**
 * The call that the variables and the configuration make together, checked in the reference's order: network name, version, command
 * for that version, plugin for that version, command at all.
 * @param warn - told of what is passed over: DEL goes on without a `prevResult` that cannot be read
 * @throws {CniError} 1, 4, 6, 7
 */
export function callOf(
  environment: Environment,
  conf: JsonObject,
  versions: readonly SpecVersion[],
  warn: (text: string) => void,
): Call {
  const section = new Section(conf);
  const network = networkOf(section);
  const { command, containerId, netns, ifname, args, path } = environment;
  const version = versionOf(section, command, versions);
  checkCommand(command);
  if (command === "VERSION") throw new TypeError("VERSION is answered without a configuration");
  const prevResult = prevResultOf(section, version, command === "DEL" ? warn : undefined);
  const valid = command === "GC" ? attachmentsOf(section) : undefined;
  return {
    command,
    containerId,
    netns,
    ifname,
    args,
    path,
    version,
    network,
    conf,
    ...(prevResult && { prevResult }),
    ...(valid && { valid }),
  };
}

function networkOf(section: Section): string {
  const name = section.string("name") ?? "";
  if (name === "") {
    throw new CniError(codes.invalidConfig, "invalid network configuration: name is missing", "at name: add it");
  }
  const fault = idFault(name);
  if (fault === undefined) return name;
  throw new CniError(
    codes.invalidConfig,
    `invalid network configuration: name is ${JSON.stringify(name)}`,
    `at name: ${fault}`,
  );
}

/** The version a configuration asks for; without one it is of the time before versions. */
function versionOf(section: Section, command: string, versions: readonly SpecVersion[]): SpecVersion {
  const given = section.string("cniVersion") ?? "";
  const version = given === "" ? "0.1.0" : given;
  const first = since[command];
  if (compareVersions(version, first ?? version) < 0) {
    throw new CniError(
      codes.incompatibleVersion,
      `cannot ${command}: CNI ${version} of the network configuration has no such command`,
      `cniVersion: ${command} is there since ${first}`,
    );
  }
  if (isSpecVersion(version) && versions.includes(version)) return version;
  throw new CniError(
    codes.incompatibleVersion,
    `incompatible CNI version ${JSON.stringify(version)} in the network configuration`,
    `cniVersion: this plugin supports ${versions.join(", ")}`,
  );
}

function prevResultOf(
  section: Section,
  version: SpecVersion,
  warn: ((text: string) => void) | undefined,
): Result | undefined {
  const raw = section.raw("prevResult");
  if (raw === undefined) return undefined;
  try {
    return parseResult(raw, version, "prevResult");
  } catch (error) {
    if (warn === undefined || !(error instanceof CniError)) throw error;
    warn(`prevResult is passed over: ${error.message}${error.details === undefined ? "" : `; ${error.details}`}`);
    return undefined;
  }
}

/** Both spellings of the key; libcni sends both. An empty list says that nothing is valid, none at all says nothing. */
function attachmentsOf(section: Section): readonly Attachment[] | undefined {
  const read = (value: unknown, path: string): Attachment => {
    const one = asSection(value, path);
    return { containerID: one.need("containerID", asString), ifname: one.need("ifname", asString) };
  };
  return section.list("cni.dev/valid-attachments", read) ?? section.list("cni.dev/attachments", read);
}
