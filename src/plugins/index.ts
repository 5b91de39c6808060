/**
 * The plugins by name. Nothing of a plugin is loaded before its name is known, and VERSION is answered without: each process
 * is one call, and what it loads is most of its time.
 */
import type { Plugin, SpecVersion } from "../cni/index.ts";

/** Loads a plugin. */
export const plugins: Readonly<Record<string, () => Promise<Plugin>>> = {
  loopback: async () => (await import("./loopback/main.ts")).loopback,
};

/** The oldest version of those that do not go back to 0.1.0. */
export const oldestVersions: Readonly<Record<string, SpecVersion>> = {
  bandwidth: "0.3.0",
  firewall: "0.4.0",
  vrf: "0.3.1",
};
