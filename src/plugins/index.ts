/**
 * The plugins by name. Nothing of a plugin is loaded before its name is known, and VERSION is answered without: each process
 * is one call, and what it loads is most of its time.
 */
import type { Plugin, SpecVersion } from "../cni/index.ts";
import { versionsFrom } from "../cni/version.ts";

/** Loads a plugin. */
export const plugins: Readonly<Record<string, () => Promise<Plugin>>> = {
  bandwidth: async () => (await import("./bandwidth/main.ts")).bandwidth,
  bridge: async () => (await import("./bridge/main.ts")).bridge,
  dhcp: async () => (await import("./dhcp/main.ts")).dhcp,
  dummy: async () => (await import("./dummy/main.ts")).dummy,
  firewall: async () => (await import("./firewall/main.ts")).firewall,
  "host-device": async () => (await import("./host-device/main.ts")).hostDevice,
  "host-local": async () => (await import("./host-local/main.ts")).hostLocal,
  ipvlan: async () => (await import("./ipvlan/main.ts")).ipvlan,
  loopback: async () => (await import("./loopback/main.ts")).loopback,
  macvlan: async () => (await import("./macvlan/main.ts")).macvlan,
  portmap: async () => (await import("./portmap/main.ts")).portmap,
  ptp: async () => (await import("./ptp/main.ts")).ptp,
  sbr: async () => (await import("./sbr/main.ts")).sbr,
  static: async () => (await import("./static/main.ts")).staticIpam,
  tap: async () => (await import("./tap/main.ts")).tap,
  tuning: async () => (await import("./tuning/main.ts")).tuning,
  vlan: async () => (await import("./vlan/main.ts")).vlan,
  vrf: async () => (await import("./vrf/main.ts")).vrf,
};

/** The oldest version of those that do not go back to 0.1.0. */
const oldestVersions: Readonly<Record<string, SpecVersion>> = {
  bandwidth: "0.3.0",
  firewall: "0.4.0",
  vrf: "0.3.1",
};

/** What a plugin supports, without loading it. */
export function versionsOf(name: string): readonly SpecVersion[] {
  return versionsFrom(oldestVersions[name] ?? "0.1.0");
}

/** The daemon that keeps the leases of plugin dhcp: runs until it is told to end, and returns its exit code. */
export async function runDhcpDaemon(words: readonly string[]): Promise<number> {
  return (await import("./dhcp/program.ts")).runDaemon(words);
}
