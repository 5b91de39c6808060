import type { Finding } from "./finding.ts";
import type { Outcome } from "./scratch.ts";

/** What was read of the host; absent where the kernel has no such setting. */
export interface HostReadings {
  readonly uid: number;
  readonly namespaces: Outcome | undefined;
  /** Values of {@link hostKeys} by sysctl key. */
  readonly sysctls: ReadonlyMap<string, string>;
  readonly files: number;
  readonly needsNeighbours: number;
}

/** All settings that are looked at. */
export const hostKeys = [
  "user.max_user_namespaces",
  "kernel.unprivileged_userns_clone",
  "kernel.apparmor_restrict_unprivileged_userns",
  "net.ipv4.neigh.default.gc_thresh3",
  "net.ipv6.neigh.default.gc_thresh3",
  "fs.inotify.max_user_instances",
  "net.bridge.bridge-nf-call-iptables",
  "net.bridge.bridge-nf-call-ip6tables",
] as const;
type HostKey = (typeof hostKeys)[number];

/** What the host's settings mean for labs. */
export function hostFindings(host: HostReadings): readonly Finding[] {
  return [
    privileges(host),
    ...userNamespaces(host),
    ...neighbours(host),
    files(host),
    ...inotify(host),
    ...bridgeFirewall(host),
  ];
}

function privileges({ uid, namespaces }: HostReadings): Finding {
  const base = { id: "privileges.namespaces", topic: "privileges", required: true } as const;
  const who = uid === 0 ? "root" : `user ${uid}`;
  const where = uid === 0 ? "" : " in a user namespace";
  if (namespaces?.ok === true) return { ...base, verdict: "ok", says: `${who} may make network namespaces${where}` };
  const words = namespaces === undefined ? "not tried" : namespaces.words;
  const fix =
    uid === 0
      ? "run outside of a container, or one with CAP_SYS_ADMIN and CAP_NET_ADMIN"
      : "run as root, or let this user make user namespaces: the host's settings below, or the container's";
  return { ...base, verdict: namespaces === undefined ? "unknown" : "missing", says: `${who}: ${words}`, fix };
}

/** Each setting that forbids user namespaces to ordinary users, with the value that does. */
const forbidding: readonly { readonly key: HostKey; readonly when: string; readonly fix: string }[] = [
  { key: "user.max_user_namespaces", when: "0", fix: "sysctl -w user.max_user_namespaces=10000" },
  { key: "kernel.unprivileged_userns_clone", when: "0", fix: "sysctl -w kernel.unprivileged_userns_clone=1" },
  {
    key: "kernel.apparmor_restrict_unprivileged_userns",
    when: "1",
    fix: "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
  },
];

/** Only ordinary users need them; where one could be made all the same (AppArmor has exceptions), none is in the way. */
function userNamespaces({ sysctls, uid, namespaces }: HostReadings): readonly Finding[] {
  const base = { topic: "privileges", required: uid !== 0 && namespaces?.ok !== true } as const;
  const bad = forbidding.filter(({ key, when }) => sysctls.get(key) === when);
  if (bad.length === 0) {
    const says = "no setting forbids user namespaces to ordinary users";
    return [{ ...base, id: "privileges.user-namespaces", verdict: "ok", says }];
  }
  return bad.map(({ key, when, fix }) => ({
    ...base,
    id: `sysctl.${key}`,
    verdict: "missing",
    says: `${key} is ${when}: ordinary users cannot bring up labs`,
    fix,
  }));
}

function neighbours({ sysctls, needsNeighbours }: HostReadings): readonly Finding[] {
  return (["net.ipv4.neigh.default.gc_thresh3", "net.ipv6.neigh.default.gc_thresh3"] as const).flatMap((key) => {
    const limit = Number(sysctls.get(key));
    if (!sysctls.has(key)) return [];
    const enough = limit >= needsNeighbours;
    const says = `${key} is ${limit}${enough ? "" : `: this lab may need ${needsNeighbours} neighbours at once, and more are dropped`}`;
    const fix = enough ? {} : { fix: `sysctl -w ${key}=${roundUp(needsNeighbours)}` };
    return [
      { id: `sysctl.${key}`, topic: "limits", required: false, verdict: enough ? "ok" : "missing", says, ...fix },
    ];
  });
}

/** The next power of two. */
function roundUp(count: number): number {
  return 2 ** Math.ceil(Math.log2(count));
}

const FEW_FILES = 4096;

function files({ files: limit }: HostReadings): Finding {
  const base = { id: "limit.files", topic: "limits", required: false } as const;
  if (limit >= FEW_FILES) return { ...base, verdict: "ok", says: `${limit} open files are allowed` };
  return {
    ...base,
    verdict: "missing",
    says: `only ${limit} open files are allowed: tests of large labs need one or two for each pod`,
    fix: "ulimit -n 65536",
  };
}

const FEW_INSTANCES = 128;

function inotify({ sysctls }: HostReadings): readonly Finding[] {
  const key = "fs.inotify.max_user_instances";
  const value = sysctls.get(key);
  if (value === undefined) return [];
  const base = { id: `sysctl.${key}`, topic: "limits", required: false } as const;
  if (Number(value) >= FEW_INSTANCES) return [{ ...base, verdict: "ok", says: `${key} is ${value}` }];
  return [
    {
      ...base,
      verdict: "missing",
      says: `${key} is ${value}: programs in many pods run out`,
      fix: `sysctl -w ${key}=1024`,
    },
  ];
}

/** It counts per network namespace since 5.3, and a lab's bridges are in namespaces of their own: nothing to be done. */
function bridgeFirewall({ sysctls }: HostReadings): readonly Finding[] {
  const on = hostKeys.filter((key) => key.startsWith("net.bridge.") && sysctls.get(key) === "1");
  if (on.length === 0) return [];
  const says = `${on.join(", ")}: on; the host's firewall sees bridged packets of the host, not those of labs`;
  return [{ id: "host.bridge-nf", topic: "host", required: false, verdict: "ok", says }];
}
