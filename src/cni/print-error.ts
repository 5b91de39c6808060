import type { Op } from "../change/index.ts";
import { CniError, codes } from "./error.ts";
import type { JsonObject } from "./plugin.ts";

/**
 * Whatever was thrown as a CNI error (SPEC "Error"). Classes of other rooms are known by their names: their modules need not
 * be loaded for it. The kernel's own sentence is in their messages; a stack never is.
 */
export function toCniError(error: unknown): CniError {
  if (error instanceof CniError) return error;
  if (!(error instanceof Error)) return new CniError(codes.internal, `netloom failed: ${String(error)}`);
  const code = "code" in error ? error.code : undefined;
  const because = { cause: error };
  switch (error.name) {
    case "OpError":
      return new CniError(kernelCode(code), error.message, kernelHint(code, error.message) ?? opHint(error), because);
    case "NetlinkError":
      return new CniError(codes.kernel, error.message, undefined, because);
    case "NetnsError":
      return new CniError(code === "exists" ? codes.exists : codes.missing, error.message, undefined, because);
    case "SysError":
      if (!("syscall" in error) || error.syscall !== "setns")
        return new CniError(codes.storage, error.message, sysHint(code), because);
      return code === "EINVAL"
        ? new CniError(codes.missing, error.message, otherKind, because)
        : new CniError(codes.kernel, error.message, code === "EPERM" ? needsRoot : undefined, because);
    case "ValueError":
      return new CniError(codes.invalidConfig, error.message, undefined, because);
    default:
      return new CniError(codes.internal, `netloom failed: ${error.message}`, "this is a fault of netloom", because);
  }
}

function kernelCode(code: unknown): number {
  return code === "exists" ? codes.exists : codes.kernel;
}

const otherKind = "CNI_NETNS: it is a namespace of another kind; write the path of a network namespace";

const needsRoot = "a CNI plugin needs CAP_NET_ADMIN and CAP_SYS_ADMIN: call it as root";

function kernelHint(code: unknown, said: string): string | undefined {
  if (said.includes("IPv6 is disabled")) return "at ipam: take the IPv6 addresses out if IPv6 shall stay off";
  if (code === "denied") return needsRoot;
  if (code === "unsupported" && !said.includes("this kernel lacks"))
    return "this kernel was built without the feature, or its module is not loaded";
  return undefined;
}

/** Where in a configuration to look for what the kernel does not take. */
function opHint(error: object): string | undefined {
  const op = "op" in error ? (error.op as Op) : undefined;
  if (op?.do === "route.put")
    return "at ipam.routes: is the gateway in the network of one of the interface's addresses, and each route there once?";
  if (op?.do === "sysctl.set" && "message" in error && String(error.message).includes("EROFS"))
    return `${op.key}: /proc/sys is read-only here: set it to ${op.value} beforehand, or mount /proc/sys writable`;
  if (op?.do === "addr.add") return "at ipam: can an interface have this address, and has it not already?";
  if (op?.do !== "link.add" || !("lower" in op.link)) return undefined;
  return `at master: can ${op.link.lower} carry interfaces of kind ${op.link.kind}, and does nobody else use it?`;
}

function sysHint(code: unknown): string | undefined {
  if (code === "EACCES" || code === "EPERM") return "call the plugin as root, or make the file accessible";
  if (code === "ENOSPC" || code === "EDQUOT") return "make room on that file system";
  return undefined;
}

/** The error object for standard output. `version` is the configuration's, as far as it was read. */
export function errorObject({ code, message, details }: CniError, version: string): JsonObject {
  return { cniVersion: version, code, msg: message, ...(details !== undefined && { details }) };
}
