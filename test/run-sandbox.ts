/**
 * Where a kernel test runs: new network, mount and UTS namespaces with an empty `/run`, so it can neither see nor leave
 * anything. The UTS namespace is needed: one that belongs to the host cannot be entered again from a user namespace.
 */

export type Sandbox =
  | { readonly kind: "ready"; readonly command: readonly string[] }
  | { readonly kind: "forbidden"; readonly reason: string };

// `/run` is where netloom pins namespaces and keeps state; `/sys` must show the new network namespace's devices.
const inside = `set -e
mount -n -t tmpfs -o mode=755 netloom-test /run
mkdir /run/netns
mount -n -t sysfs netloom-test /sys
exec "$@"`;

/** The command to put before a test's own; tried once, so that the reason is the kernel's. Root keeps its user namespace. */
export function openSandbox(): Sandbox {
  const reasons: string[] = [];
  for (const flags of process.getuid?.() === 0 ? ["-nmu", "-Urnmu"] : ["-Urnmu"]) {
    const command = ["unshare", flags, "sh", "-c", inside, "sh"];
    const trial = Bun.spawnSync([...command, "true"], { stdin: "ignore", stdout: "ignore", stderr: "pipe" });
    if (trial.success) return { kind: "ready", command };
    reasons.push(`unshare ${flags}: ${trial.stderr.toString().trim().replaceAll("\n", "; ")}`);
  }
  const hints = [
    ...knob("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1"),
    ...knob("/proc/sys/kernel/unprivileged_userns_clone", "0"),
    ...knob("/proc/sys/user/max_user_namespaces", "0"),
  ];
  return { kind: "forbidden", reason: [...reasons, ...hints].join("; ") };
}

/** The host's settings that forbid user namespaces, where one has the forbidding value. */
function knob(path: string, forbids: string): readonly string[] {
  const { stdout } = Bun.spawnSync(["cat", path], { stderr: "ignore" });
  return stdout.toString().trim() === forbids ? [`${path} is ${forbids}`] : [];
}
