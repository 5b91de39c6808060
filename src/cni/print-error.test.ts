import { expect, test } from "bun:test";
import { SysError } from "../sys/index.ts";
import { ValueError } from "../values/index.ts";
import { CniError } from "./error.ts";
import { errorObject, toCniError } from "./print-error.ts";

/** As classes of other rooms look, which are known by their names. */
function named(name: string, code: string, message: string): Error {
  return Object.assign(new Error(message), { name, code });
}

const kernelSaid = "link add eth0 type ipvlan: Unknown device type - Operation not supported (EOPNOTSUPP)";

for (const [error, code, msg, details] of [
  [new CniError(7, "m", "d"), 7, "m", "d"],
  [named("OpError", "exists", kernelSaid), 101, kernelSaid, undefined],
  [named("OpError", "refused", kernelSaid), 100, kernelSaid, undefined],
  [
    Object.assign(named("OpError", "refused", "no"), { op: { do: "route.put" } }),
    100,
    "no",
    "at ipam.routes: is the gateway in the network of one of the interface's addresses, and each route there once?",
  ],
  [
    Object.assign(named("OpError", "refused", "open /proc/sys/net/ipv4/ip_forward: (EROFS from openat)"), {
      op: { do: "sysctl.set", key: "net.ipv4.ip_forward", value: "1" },
    }),
    100,
    "open /proc/sys/net/ipv4/ip_forward: (EROFS from openat)",
    "net.ipv4.ip_forward: /proc/sys is read-only here: set it to 1 beforehand, or mount /proc/sys writable",
  ],
  [
    Object.assign(named("OpError", "refused", "no"), {
      op: { do: "link.add", link: { kind: "macvlan", lower: "lo" } },
    }),
    100,
    "no",
    "at master: can lo carry interfaces of kind macvlan, and does nobody else use it?",
  ],
  [
    named("OpError", "unsupported", kernelSaid),
    100,
    kernelSaid,
    "this kernel was built without the feature, or its module is not loaded",
  ],
  [
    named("OpError", "unsupported", "add d0: Not supported; this kernel lacks CONFIG_DUMMY: load its module"),
    100,
    "add d0: Not supported; this kernel lacks CONFIG_DUMMY: load its module",
    undefined,
  ],
  [
    Object.assign(named("SysError", "EPERM", kernelSaid), { syscall: "setns" }),
    100,
    kernelSaid,
    "a CNI plugin needs CAP_NET_ADMIN and CAP_SYS_ADMIN: call it as root",
  ],
  [
    named("OpError", "denied", kernelSaid),
    100,
    kernelSaid,
    "a CNI plugin needs CAP_NET_ADMIN and CAP_SYS_ADMIN: call it as root",
  ],
  [
    named(
      "OpError",
      "denied",
      "addr add fd07::1/64: ipv6: IPv6 is disabled on this device - Permission denied (EACCES)",
    ),
    100,
    "addr add fd07::1/64: ipv6: IPv6 is disabled on this device - Permission denied (EACCES)",
    "at ipam: take the IPv6 addresses out if IPv6 shall stay off",
  ],
  [
    Object.assign(named("SysError", "EINVAL", kernelSaid), { syscall: "setns" }),
    102,
    kernelSaid,
    "CNI_NETNS: it is a namespace of another kind; write the path of a network namespace",
  ],
  [
    named("NetlinkError", "ENODEV", "read link: No such device (ENODEV)"),
    100,
    "read link: No such device (ENODEV)",
    undefined,
  ],
  [named("NetnsError", "missing", "there is no namespace at /x"), 102, "there is no namespace at /x", undefined],
  [
    new SysError("write", 28, "write /d/10.0.0.2"),
    106,
    "write /d/10.0.0.2: No space left on device (ENOSPC from write)",
    "make room on that file system",
  ],
  [new ValueError("bad-ip", "x", '"x" is not an IP address'), 7, '"x" is not an IP address', undefined],
  [
    new TypeError("undefined is not a function"),
    199,
    "netloom failed: undefined is not a function",
    "this is a fault of netloom",
  ],
  ["a text", 199, "netloom failed: a text", undefined],
] as const)
  test(`${error instanceof Error ? error.name : typeof error} ${error instanceof Error && "code" in error ? String(error.code) : ""}`, () => {
    const object = errorObject(toCniError(error), "1.0.0");
    expect(object).toEqual({ cniVersion: "1.0.0", code, msg, ...(details !== undefined && { details }) });
    expect(JSON.stringify(object)).not.toContain(".ts:");
  });
