import { CniError, codes } from "../../cni/index.ts";
import { type CacheEntry, isOfProcess, macOf, netnsOf } from "../../cni/runtime/index.ts";
import { RealKernel } from "../../kernel/index.ts";
import { NETNS_DIR, isNamespace } from "../../netns/index.ts";
import { identity } from "../../sys/index.ts";

/** What is to be seen of an attachment now. */
export interface Live {
  /** `gone`: the namespace; `missing`: the interface in it; `unknown`: it may not be looked at, or no namespace is remembered. */
  readonly state: "up" | "down" | "missing" | "gone" | "unknown";
  readonly addresses: readonly string[];
  readonly mac?: string;
  /** Bytes. */
  readonly mtu?: number;
}

/** Whether a namespace is behind the path; `undefined` where nobody knows. */
export function isAlive(netns: string | undefined): boolean | undefined {
  if (netns === undefined || netns === "") return undefined;
  try {
    const id = identity(netns);
    return id !== undefined && isNamespace(id);
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

/** Refuses a path that leads to no namespace before any plugin is called. @throws {CniError} 102 */
export function requireNamespace(netns: string): void {
  if (isAlive(netns) !== false) return;
  const name = netns.startsWith(`${NETNS_DIR}/`) ? netns.slice(NETNS_DIR.length + 1) : undefined;
  throw new CniError(
    codes.missing,
    `there is no network namespace ${netns}`,
    name === undefined
      ? "write a path such as /proc/PID/ns/net, or a name that 'ip netns' shows"
      : `'ip netns add ${name}' makes one, 'ip netns' shows those there are`,
  );
}

/** Looks into the namespace of an attachment. */
export function lookAt(entry: CacheEntry): Live {
  const { ifname } = entry;
  const netns = netnsOf(entry);
  const alive = isAlive(netns);
  if (alive !== true || netns === undefined) return { state: alive === false ? "gone" : "unknown", addresses: [] };
  try {
    using kernel = new RealKernel({ places: { pod: netns } });
    const link = kernel.link("pod", ifname);
    if (link === undefined) return { state: "missing", addresses: [] };
    // Another process has the number of the one that is gone, and an interface of that name.
    if (isOfProcess(netns) && link.mac !== macOf(entry)) return { state: "gone", addresses: [] };
    const addresses = link.addrs.filter(({ scope }) => scope === "global").map(({ prefix }) => prefix);
    const { mac, mtu, up } = link;
    return { state: up ? "up" : "down", addresses, mtu, ...(mac === undefined ? {} : { mac }) };
  } catch (error) {
    if (isForbidden(error)) return { state: "unknown", addresses: [] };
    throw error;
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EPERM" || error.code === "EACCES");
}
