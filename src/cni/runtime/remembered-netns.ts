import type { CacheEntry } from "./cache.ts";

/**
 * The path of an attachment's namespace: as it is remembered, or as ADD's result names it where the caller was an older libcni
 * (podman's and containerd's), which does not remember it.
 */
export function netnsOf({ netns, result, ifname }: CacheEntry): string | undefined {
  return netns ?? interfacesOf(result).find(({ name, sandbox }) => name === ifname && isPath(sandbox))?.sandbox;
}

interface NamedInterface {
  readonly name?: string;
  readonly mac?: string;
  readonly sandbox?: string;
}

function interfacesOf(result: CacheEntry["result"]): readonly NamedInterface[] {
  const interfaces: unknown = result?.["interfaces"];
  if (!Array.isArray(interfaces)) return [];
  return (interfaces as readonly unknown[]).filter(
    (one) => typeof one === "object" && one !== null,
  ) as NamedInterface[];
}

const isPath = (sandbox: unknown): boolean => typeof sandbox === "string" && sandbox.startsWith("/");

/**
 * The namespace of an attachment as ADD had it; empty where it may be somebody else's by now. A path below `/proc` names a process,
 * and a later process can have its number: then the interface that ADD made has to be there, by its MAC.
 */
export async function rememberedNetns(entry: CacheEntry): Promise<string> {
  const netns = netnsOf(entry) ?? "";
  if (!isOfProcess(netns)) return netns;
  const mac = macOf(entry);
  if (mac === undefined) return "";
  const { RealKernel } = await import("../../kernel/index.ts");
  try {
    using kernel = new RealKernel({ places: { pod: netns } });
    return kernel.link("pod", entry.ifname)?.mac === mac ? netns : "";
  } catch (error) {
    if (error instanceof Error && (error.name === "NetnsError" || error.name === "SysError")) return "";
    throw error;
  }
}

/** Whether a path leads to the namespace of a process rather than to one that is pinned. */
export function isOfProcess(netns: string): boolean {
  return netns.startsWith("/proc/");
}

/** The MAC that ADD's result says of the interface in the namespace, lower case. */
export function macOf(entry: CacheEntry): string | undefined {
  const netns = netnsOf(entry);
  const found = interfacesOf(entry.result).find(({ name, sandbox }) => name === entry.ifname && sandbox === netns);
  return typeof found?.mac === "string" ? found.mac.toLowerCase() : undefined;
}
