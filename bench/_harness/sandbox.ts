/**
 * Where a benchmark runs: mount, network, host name and process namespaces of its own with an empty /run, so that it neither sees
 * nor leaves anything.
 */
const inside = `set -e
mount -n -t tmpfs -o mode=755 netloom-bench /run
mkdir /run/netns
mount -n -t sysfs netloom-bench /sys
ip link set lo up
exec "$@"`;

export function sandboxed(command: readonly string[]): string[] {
  const flags = ["-nmupf", "--kill-child", "--mount-proc"];
  return ["unshare", ...flags, "sh", "-c", inside, "sh", ...command];
}
