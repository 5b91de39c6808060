import { CLONE, MS, SysError, bindMount, enterForGood, exec, identity, listDir, mount } from "../sys/index.ts";
import { openNetns, tryOpenUts } from "./pins.ts";
import { enterView } from "./view.ts";

/**
 * A /sys of the namespace over the old one: taking that off first would cost a grace period. A container may forbid it to
 * user namespaces (mount_too_revealing of fs/namespace.c): then the command sees the container's.
 */
function mountSys(name: string): void {
  try {
    mount(name, "/sys", "sysfs", MS.NOSUID | MS.NODEV | MS.NOEXEC);
  } catch (error) {
    if (!(error instanceof SysError && error.code === "EPERM")) throw error;
  }
}

/**
 * Becomes `command` inside a namespace: its network, its UTS twin (host name), a /sys that shows its devices, and the
 * files of /etc/netns/NAME over those of /etc, as `ip netns exec` does. The environment is this process's own unless given. Exit status and signals are the command's own.
 * Returns only by throwing.
 * @throws {NetnsError} `missing`; {@link SysError} ENOENT or EACCES for the command, EPERM without privilege
 */
export function becomeInside(
  name: string,
  command: readonly string[],
  environment?: Readonly<Record<string, string | undefined>>,
): never {
  using net = openNetns(name);
  using uts = tryOpenUts(name);
  // Mount first: the view is found under /run, and the pins are not to be seen from it.
  enterView();
  enterForGood(net, CLONE.NEWNET, `enter the network namespace ${name}`);
  if (uts !== undefined) enterForGood(uts, CLONE.NEWUTS, `enter the UTS namespace ${name}`);
  mountSys(name);
  for (const file of listDir(`/etc/netns/${name}`)) {
    if (identity(`/etc/${file}`) !== undefined) bindMount(`/etc/netns/${name}/${file}`, `/etc/${file}`);
  }
  exec(command, environment);
}
