/**
 * A host for container runtimes: a box with processes and cgroups of its own, a network to attach to, an address to
 * reach published ports by, and a host outside that has no route to the containers.
 */
import { existsSync, readFileSync } from "node:fs";
import { Box } from "../box.ts";
import { pluginPath, supply } from "../caller.ts";
import type { PluginFolder } from "../plugin-folders.ts";

/** Where runtimes keep what is theirs. */
export const work = "/run/work";
/** A local address of the host that is not loopback's. */
export const hostAddress = "192.0.2.1";
/** Reachable only by who is masqueraded. */
export const outside = "198.51.100.2";

/** Two networks; 1.0.0, for Debian 12's runtimes do not take results of 1.1.0. */
const net1 = {
  cniVersion: "1.0.0",
  name: "net1",
  plugins: [
    {
      type: "bridge",
      bridge: "nl-br1",
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      ipam: { type: "host-local", ranges: [[{ subnet: "10.71.0.0/24" }]], routes: [{ dst: "0.0.0.0/0" }] },
    },
    { type: "portmap", capabilities: { portMappings: true } },
    { type: "bandwidth", ingressRate: 80_000_000, ingressBurst: 8_000_000 },
    { type: "tuning", sysctl: { "net.ipv4.conf.IFNAME.arp_filter": "1" } },
  ],
};
const net2 = {
  cniVersion: "1.0.0",
  name: "net2",
  plugins: [
    { type: "bridge", bridge: "nl-br2", isGateway: true, ipam: { type: "host-local", subnet: "10.72.0.0/24" } },
    { type: "firewall", backend: "iptables" },
  ],
};

/** Why runtimes cannot be tried here, or `undefined`. */
export function whyNot(...programs: readonly string[]): string | undefined {
  // A user namespace maps few ids, or not from the start.
  if (!/^\s*0\s+0\s+4294967295\s*$/.test(readFileSync("/proc/self/uid_map", "utf8"))) return "(needs root)";
  const lacking = programs.filter((name) => Bun.which(name) === null && !existsSync(`/usr/sbin/${name}`));
  if (lacking.length > 0) return `(needs ${lacking.join(", ")}; test/peers/setup installs them)`;
  return existsSync("/etc/cni") && existsSync("/usr/lib/cni") ? undefined : "(needs /etc/cni and /usr/lib/cni)";
}

/** Each hierarchy of cgroups where runtimes look for it; the box has a /sys of its own. */
function cgroups(): string {
  const lines = readFileSync("/proc/self/cgroup", "utf8").trim().split("\n");
  const old = lines.map((line) => line.split(":")[1] ?? "").filter((names) => names !== "");
  if (old.length === 0) return "mount -n -t cgroup2 none /sys/fs/cgroup";
  return [
    "mount -n -t tmpfs -o mode=755 none /sys/fs/cgroup",
    ...old.map((names) => {
      const options = names.startsWith("name=") ? `none,${names}` : names;
      const folder = `/sys/fs/cgroup/${names.replace("name=", "")}`;
      return `mkdir -p ${folder}; mount -n -t cgroup -o ${options} none ${folder}`;
    }),
  ].join("\n");
}

/** @param folder - its plugins are used, and those of `rest` where it has none; without `rest`, nothing else is there */
export async function openScene(folder: PluginFolder, rest: PluginFolder = folder): Promise<Box> {
  const script = `${cgroups()}
[ ! -d /opt ] || mount -n -t tmpfs none /opt
ip addr add ${hostAddress}/32 dev lo
ip netns add outside
ip link add out type veth peer name eth0 netns outside
ip addr add 198.51.100.1/24 dev out; ip link set out up
ip -n outside addr add ${outside}/24 dev eth0; ip -n outside link set eth0 up
mkdir -p ${work}/fs/bin ${work}/fs/etc
install /bin/busybox ${work}/fs/bin; for a in sh ip ping sleep; do ln -s busybox ${work}/fs/bin/$a; done
# Debian has busybox with and without libraries of its own; either package may be there.
for f in $(ldd /bin/busybox 2>/dev/null | grep -o '/[^ ]*'); do install -D $f ${work}/fs$f; done`;
  const box = await Box.open({ processes: true, script });
  supply(box, folder, rest);
  box.sh(`mount --bind ${pluginPath} /usr/lib/cni`);
  for (const [name, conf] of Object.entries({ "10-net1": net1, "20-net2": net2 }))
    box.run(["tee", `/etc/cni/net.d/${name}.conflist`], { stdin: JSON.stringify(conf) });
  return box;
}

/** Takes away what outlives the box, once its processes are ended: their cgroups. @param parent - in their names */
export function closeScene(box: Box, parent: string): void {
  box.try([
    "sh",
    "-c",
    `kill -9 -1; for i in 1 2 3 4 5 6 7 8 9 10; do
  find /sys/fs/cgroup -depth -type d -path '*${parent}*' -exec rmdir {} + 2>/dev/null
  [ -n "$(find /sys/fs/cgroup -type d -path '*${parent}*')" ] || break
  sleep .1
done`,
  ]);
  box[Symbol.dispose]();
}

/** What of containers is left on the host: links, reservations, cached results, saved values, rules that name one. */
export function remains(box: Box, identities: readonly string[]): readonly string[] {
  const links = box
    .run("ip -br link")
    .split("\n")
    .filter((line) => /^(veth[^ ]*@|bwp|ifb|nl[^-])/.test(line));
  const files = box
    .sh("find /var/lib/cni /run/cni -type f 2>/dev/null || true")
    .split("\n")
    .filter((path) => path !== "" && !/\/(lock|last_reserved_ip\.\d+)$/.test(path));
  const rules = box
    .sh("nft list ruleset")
    .split("\n")
    .filter((line) => identities.some((identity) => line.includes(identity)) || /CNI-(DN-)?[0-9a-f]{21,}/.test(line));
  return [...links, ...files, ...rules].map((line) => line.trim());
}

/** The same, once what the kernel takes away by itself has gone. */
export async function remainsInTheEnd(box: Box, identities: readonly string[]): Promise<readonly string[]> {
  const until = performance.now() + 10_000;
  for (;;) {
    const found = remains(box, identities);
    if (found.length === 0 || performance.now() > until) return found;
    await Bun.sleep(100);
  }
}
